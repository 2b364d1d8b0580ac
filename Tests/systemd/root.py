"""A fresh Debian in a folder, from the mirror that the host's own apt uses."""
import os
import pathlib
import re
import shutil
import subprocess

from places import WORK, deb, run


def release():
    """The code name of the Debian that this host is."""
    return re.search(r"^VERSION_CODENAME=(\w+)$", pathlib.Path("/etc/os-release").read_text(), re.MULTILINE)[1]


def mirror():
    """Where the host's apt gets its release from."""
    for file in [pathlib.Path("/etc/apt/sources.list"), *sorted(pathlib.Path("/etc/apt/sources.list.d").glob("*"))]:
        text = file.read_text() if file.is_file() else ""
        for stanza in re.split(r"\n\s*\n", text):
            fields = dict(re.findall(r"^(\w[\w-]*):\s*(.+)$", stanza, re.MULTILINE))
            if release() in fields.get("Suites", "").split() and "main" in fields.get("Components", "").split():
                return fields["URIs"].split()[0]
        line = re.search(rf"^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+{release()}\s+(?:.*\s)?main\b", text, re.MULTILINE)
        if line:
            return line[1]
    raise RuntimeError(f"the host's apt has no source of {release()}, main")


def base():
    """The Debian that tests begin with, made once."""
    folder = WORK / f"{release()}-base"
    if not folder.exists():
        draft = WORK / f"{release()}-base.partial"
        shutil.rmtree(draft, ignore_errors=True)
        WORK.mkdir(parents=True, exist_ok=True)
        run("debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,dbus", release(), draft, mirror())
        draft.rename(folder)
    return folder


class Root:
    """A copy of that Debian, with commands run in it. No service is started: there is no init."""

    def __init__(self, name):
        self.path = WORK / name
        self.delete()
        run("cp", "--archive", "--reflink=auto", base(), self.path)
        self._mount()
        # What the package depends on is downloaded once.
        self.archives = WORK / "archives"
        (self.archives / "partial").mkdir(parents=True, exist_ok=True)

    def _mount(self):
        run("mount", "-t", "proc", "proc", self.path / "proc")

    def unmount(self):
        """Makes it a mere folder, which a machine may be booted from."""
        if os.path.ismount(self.path / "proc"):
            run("umount", self.path / "proc")

    def delete(self):
        self.unmount()
        if self.path.exists():
            shutil.rmtree(self.path)

    def run(self, *words, **environment):
        """Runs a command in it, and returns what it printed."""
        done = self.attempt(*words, **environment)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout.rstrip("\n")

    def attempt(self, *words, **environment):
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        return subprocess.run(["chroot", self.path, *words], env=clean | environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def place(self, path):
        """A path of it, as this host sees it."""
        return self.path / path.lstrip("/")

    def put_package(self, package=None):
        """Puts the package into it; its path there."""
        shutil.copy(package or deb(), self.place("/root/clienthub.deb"))
        return "/root/clienthub.deb"

    def fetch_dependencies(self):
        """Installs what the package depends on, by what it says itself."""
        for file in self.archives.glob("*.deb"):
            shutil.copy(file, self.place("/var/cache/apt/archives"))
        self.run("apt-get", "install", "--yes", "--no-install-recommends", "--download-only", self.put_package())
        for file in self.place("/var/cache/apt/archives").glob("*.deb"):
            shutil.copy(file, self.archives)

    def install(self, package=None):
        """Installs the package by apt, with what it depends on."""
        if package is None:
            self.fetch_dependencies()
        return self.run("apt-get", "install", "--yes", "--no-install-recommends", self.put_package(package))

    def user(self, name):
        """The number of a user."""
        for line in self.place("/etc/passwd").read_text().splitlines():
            fields = line.split(":")
            if fields[0] == name:
                return int(fields[2])
        raise KeyError(name)

    def groups(self, name):
        """The numbers of the groups of a user."""
        found = set()
        for line in self.place("/etc/group").read_text().splitlines():
            group, _, number, members = line.split(":")
            if name in members.split(",") or group == name:
                found.add(int(number))
        return found


def newer(package, version):
    """The same package as a newer version, beside it."""
    tree = WORK / "newer"
    shutil.rmtree(tree, ignore_errors=True)
    run("dpkg-deb", "--raw-extract", package, tree)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", f"Version: {version}", control.read_text(), flags=re.MULTILINE))
    made = WORK / f"newer_{version}.deb"
    run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, made)
    shutil.rmtree(tree)
    return made


def is_possible():
    """Why these tests cannot run on this host; None where they can."""
    if os.geteuid() != 0:
        return "they need root, to make a Debian in a folder and to boot it"
    if not re.search(r"^ID=debian$", pathlib.Path("/etc/os-release").read_text(), re.MULTILINE):
        return "this host is no Debian, whose mirror a Debian in a folder would be made from"
    return None
