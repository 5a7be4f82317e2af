#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compute-sanitizer finds an access one byte outside of a pooled buffer, and none inside.

overruns_test.py PROGRAM: exit status 77 where there is no GPU or no such tool.
"""
import glob
import os
import shutil
import subprocess
import sys

INSIDE = [["0"], ["999"], ["grown", "1009"]]
OUTSIDE = {"1000": "1,000", "-1": "1,000", "grown 1010": "1,010"}  # and the size of the buffer that is nearest


def tool():
    found = shutil.which("compute-sanitizer")
    return found or max(glob.glob("/usr/local/cuda*/bin/compute-sanitizer"), default=None)


def run(sanitizer, program, words):
    environment = dict(os.environ, TRIUNE_DEVICE="cuda", TRIUNE_NVTX_MEMORY="1")
    done = subprocess.run([sanitizer, "--tool", "memcheck", "--nvtx", "yes", program, *words], env=environment, text=True,
                          capture_output=True, timeout=120)
    return done.stdout + done.stderr


def main():
    sanitizer = tool()
    if sanitizer is None or subprocess.run(["nvidia-smi", "-L"], capture_output=True, check=False).returncode != 0:
        print("skipped: it needs a GPU and compute-sanitizer")
        return 77
    wrong = []
    for words in INSIDE:
        text = run(sanitizer, sys.argv[1], words)
        if "ERROR SUMMARY: 0 errors" not in text or "no error" not in text:
            wrong.append(f"inside, {' '.join(words)}:\n{text}")
    for words, size in OUTSIDE.items():
        text = run(sanitizer, sys.argv[1], words.split())
        if "Invalid __global__ write of size 1" not in text or f"of size {size} bytes" not in text:
            wrong.append(f"outside, {words}:\n{text}")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FileNotFoundError as missing:  # nvidia-smi
        print(f"skipped: {missing}")
        sys.exit(77)
