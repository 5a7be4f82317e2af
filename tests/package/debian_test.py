#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the Debian packages of a build, installs them into a bare root, and builds and runs programs there.

Usage: debian_test.py BUILD_DIR WORK_DIR PROGRAMS CPACK. The root holds Debian's essential packages and what ours say
that they depend on, g++ and pkg-config, and nothing else. Files and database are this machine's, so no network is asked.
PROGRAMS is the folder of the programs. Exit status 77 where the machine allows none of it, with the reason.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

DATABASE = pathlib.Path("/var/lib/dpkg")


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class Installed:
    """The packages of this machine: what each depends on, and who provides what."""

    def __init__(self):
        fields = ("Package", "Status", "Essential", "Pre-Depends", "Depends", "Provides", "binary:Package")
        query = "\\t".join("${%s}" % each for each in fields) + "\\n"
        self.wants, self.provided, self.essential, self.listed = {}, {}, [], {}
        for line in run("dpkg-query", "-W", "-f", query).splitlines():
            name, status, essential, before, wants, provides, listed = line.split("\t")
            if not status.endswith(" installed") or name in self.wants:
                continue
            self.wants[name] = ", ".join(filter(None, (before, wants)))
            self.listed[name] = listed
            if essential == "yes":
                self.essential.append(name)
            for each in self.names(provides):
                self.provided.setdefault(each[0], name)

    @staticmethod
    def names(text):
        """Of `a (>= 1) | b, c` the names: [["a", "b"], ["c"]]."""
        clauses = [clause.split("|") for clause in text.split(",") if clause.strip()]
        return [[re.match(r"\s*([\w.+-]+)", each).group(1) for each in clause] for clause in clauses]

    def closure(self, clauses, without):
        """All that these clauses lead to, but for the packages `without`."""
        found, left = set(), list(clauses)
        while left:
            clause = left.pop()
            if any(name in without for name in clause):
                continue
            here = [name if name in self.wants else self.provided.get(name) for name in clause]
            name = next(filter(None, here), None)
            if name is None:
                skip(f"none of {' | '.join(clause)} is installed here")
            if name not in found:
                found.add(name)
                left += self.names(self.wants[name])
        return found


def copy_packages(root, names, installed):
    for folder in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        if pathlib.Path("/", folder).is_symlink():
            (root / "usr" / folder).mkdir(parents=True, exist_ok=True)
            (root / folder).symlink_to(f"usr/{folder}")
    database = [f"var/lib/dpkg/{each}" for each in ("info", "updates", "triggers")]
    for folder in ("tmp", "dev", "proc", "etc", "root", *database):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "tmp").chmod(0o1777)
    files = set()
    for name in names:
        listed = installed.listed[name]
        files.update(run("dpkg-query", "-L", listed).splitlines())
        for each in DATABASE.glob(f"info/{listed}.*"):
            shutil.copy2(each, root / each.relative_to("/"))
    there = sorted(each for each in files if each.startswith("/") and os.path.lexists(each) and each != "/.")
    wanted = root.parent / "files"
    wanted.write_text("".join(f".{each}\n" for each in there))
    pack = ["tar", "-C", "/", "--no-recursion", "-cf", "-", "-T", wanted]
    with subprocess.Popen(pack, stdout=subprocess.PIPE) as packed:
        run("tar", "-C", root, "--keep-directory-symlink", "-xf", "-", stdin=packed.stdout)
    stanzas = (DATABASE / "status").read_text(errors="replace").split("\n\n")
    kept = [each for each in stanzas if (match := re.search(r"(?m)^Package: (.+)$", each)) and match.group(1) in names]
    (root / "var/lib/dpkg/status").write_text("\n\n".join(kept) + "\n\n")
    for each in DATABASE.glob("triggers/*"):
        if each.is_file():
            shutil.copy2(each, root / each.relative_to("/"))


def check_contents(packages):
    """What each has to hold, and what belongs to another."""
    runtime = next(file for name, file in packages.items() if re.fullmatch(r"libtriune\d+", name))
    development = packages["libtriune-dev"]
    holds = {each: run("dpkg-deb", "-c", each) for each in (runtime, development)}
    for path, there in ((r"libtriune\.so\.\d+\.\d+\.\d+\n", runtime), (r"libtriune_compat\.so\.\d+ ->", runtime),
                        (r"triune/triune\.hpp\n", development), (r"libtriune_core\.a\n", development),
                        (r"triuneConfig\.cmake\n", development), (r"pkgconfig/triune\.pc\n", development),
                        (r"libtriune\.so -> ", development)):
        for package, listing in holds.items():
            if bool(re.search(path, listing)) != (package == there):
                sys.exit(f"{path} is wrongly {'missing from' if package == there else 'in'} {package}:\n{listing}")


def main():
    build, work, programs, cpack = (pathlib.Path(each).resolve() for each in sys.argv[1:5])
    for tool in ("dpkg-query", "dpkg-deb", "dpkg-shlibdeps", "tar"):
        if shutil.which(tool) is None:
            skip(f"there is no {tool}")
    shutil.rmtree(work, ignore_errors=True)
    root = work / "root"
    root.mkdir(parents=True)
    run(str(cpack), "--config", build / "CPackConfig.cmake", "-B", work / "made",
        "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", cwd=work)
    packages = {run("dpkg-deb", "-f", each, "Package").strip(): each for each in (work / "made").glob("*.deb")}
    check_contents(packages)

    enter = ["chroot", root] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "chroot", root]
    installed = Installed()
    clauses = [[name] for name in (*installed.essential, "g++", "pkg-config")]
    for each in packages.values():
        clauses += installed.names(run("dpkg-deb", "-f", each, "Depends"))
    copy_packages(root, installed.closure(clauses, packages), installed)
    if subprocess.run([*enter, "true"], capture_output=True).returncode != 0:
        skip("this machine lets nobody change the root; what is in the packages was checked")

    def inside(command, environment=()):
        bare = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", *environment]
        return run(*enter, *bare, "sh", "-ec", command)

    for each in packages.values():
        shutil.copy(each, root / "tmp")
    inside("dpkg -i /tmp/*.deb")
    for each in ("first_program.cpp", "legacy_program.cpp"):
        shutil.copy(programs / each, root / "root")
    told = inside("cd /root; g++ -std=c++20 -O0 first_program.cpp -o first $(pkg-config --cflags --libs triune); ./first",
                  ["TRIUNE_DEVICE=sim"])
    if "5000 positions, the last is 0" not in told:
        sys.exit(f"the first program printed: {told}")
    inside("cd /root; g++ -std=c++17 -w legacy_program.cpp -o legacy $(pkg-config --cflags --libs triune-compat); ./legacy",
           ["TRIUNE_DEVICE=sim"])
    if "triune-migrate" in packages:
        diff = inside("cd /root; triune-migrate legacy_program.cpp -- -std=c++17 -I/usr/include/triune-compat || [ $? = 1 ]")
        if "+#include <triune/triune.hpp>" not in diff:
            sys.exit(f"triune-migrate printed: {diff}")
        inside("test -s /usr/share/man/man1/triune-migrate.1 || test -s /usr/share/man/man1/triune-migrate.1.gz")
    inside("cd /usr/share; test -s man/man1/triune-snapshot.1 || test -s man/man1/triune-snapshot.1.gz; "
           "test -s bash-completion/completions/triune-snapshot; test -s zsh/vendor-completions/_triune-snapshot; "
           "test -s fish/vendor_completions.d/triune-snapshot.fish")
    inside("dpkg --purge " + " ".join(packages))
    left = inside("ls -d /usr/lib/*triune* /usr/lib/*/*triune* /usr/include/triune* 2>/dev/null || true")
    if left:
        sys.exit(f"after the packages were removed there is still {left}")
    shutil.rmtree(root)


main()
