# SPDX-License-Identifier: Apache-2.0
"""What Triune's memory looked like: snapshots (docs/schemas/memory-snapshot.json) and recordings."""
