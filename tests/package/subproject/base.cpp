// SPDX-License-Identifier: Apache-2.0
int base() { return 1; }
