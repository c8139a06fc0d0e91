# Written by `course hub`, which writes it anew at each start: JupyterHub's own configuration is Python.
# Learners need no account on this machine: each has a user id of its own, a folder, and limits.
import hashlib
import hmac
import json
import os
import pathlib
import resource
import shutil
import signal

from jupyterhub.auth import Authenticator
from jupyterhub.spawner import LocalProcessSpawner

hub = pathlib.Path(__file__).resolve().parent
settings = json.loads((hub / "settings.json").read_text())
learners = json.loads((hub / "learners.json").read_text())
course = hub / "course"


class LearnersAuthenticator(Authenticator):
    """The names and passwords that `course hub` drew."""

    async def authenticate(self, handler, data):
        name = self.normalize_username(data["username"])
        learner = learners.get(name)
        salt, expected = (learner["salt"], learner["hash"]) if learner else ("00", "")
        given = hashlib.pbkdf2_hmac("sha256", data["password"].encode(), bytes.fromhex(salt), settings["iterations"])
        return name if hmac.compare_digest(given.hex(), expected) else None


def controlled(name):
    """The files that take a process into the learner's control groups, made with their limits; none where this system has none."""
    group, limits = f"course-hub-{learners[name]['uid']}", settings["limits"]
    root, files = pathlib.Path("/sys/fs/cgroup"), []
    quota = f"{int(limits['processors'] * 100_000)}"
    if (root / "cgroup.controllers").exists():
        # A group has the controllers that the one above hands down.
        for controller in ("memory", "pids", "cpu"):
            try:
                (root / "cgroup.subtree_control").write_text(f"+{controller}")
            except OSError as error:
                print(f"course hub: no limits by the controller {controller}: {error}", flush=True)
        wanted = [(root / group, {"memory.max": limits["memory"], "memory.swap.max": 0, "pids.max": limits["processes"], "cpu.max": f"{quota} 100000"})]
    else:
        wanted = [
            (root / "memory" / group, {"memory.limit_in_bytes": limits["memory"]}),
            (root / "pids" / group, {"pids.max": limits["processes"]}),
            (root / "cpu" / group, {"cpu.cfs_period_us": 100_000, "cpu.cfs_quota_us": quota}),
        ]
    for folder, values in wanted:
        try:
            folder.mkdir(exist_ok=True)
            for file, value in values.items():
                if (folder / file).exists():
                    (folder / file).write_text(str(value))
            files.append(str(folder / "cgroup.procs"))
        except OSError as error:
            print(f"course hub: no limits by {folder.parent}: {error}", flush=True)
    return files


class LearnerSpawner(LocalProcessSpawner):
    @property
    def home(self):
        return hub / "learners" / self.user.name

    def prepare(self):
        """The learner's folder: notebooks to change, beside libraries that nobody can."""
        uid = learners[self.user.name]["uid"]
        (self.home / "artifacts").mkdir(parents=True, exist_ok=True)
        (self.home / ".tmp").mkdir(exist_ok=True)
        if not (self.home / "notebooks").exists():
            shutil.copytree(course / "notebooks", self.home / "notebooks")
        libraries = self.home / "artifacts" / "lib"
        if not libraries.is_symlink():
            libraries.symlink_to(course / "artifacts" / "lib")
        for folder, folders, files in os.walk(self.home):
            for path in [folder, *(os.path.join(folder, name) for name in folders + files)]:
                os.lchown(path, uid, uid)
        self.home.chmod(0o700)

    def make_preexec_fn(self, name):
        uid, home, groups, limits = learners[name]["uid"], str(self.home), controlled(name), settings["limits"]

        def enter():
            for file in groups:
                with open(file, "w") as group:
                    group.write(str(os.getpid()))
            # This one counts by user id, so it holds without control groups as well.
            resource.setrlimit(resource.RLIMIT_NPROC, (limits["processes"], limits["processes"]))
            resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file"], limits["file"]))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            os.umask(0o077)
            os.chdir(home)

        return enter

    def user_env(self, env):
        env.update(USER=self.user.name, HOME=str(self.home), SHELL="/bin/sh", TMPDIR=str(self.home / ".tmp"))
        return env

    async def start(self):
        self.prepare()
        return await super().start()

    async def stop(self, now=False):
        # Nothing is lost by haste: what a learner has written is saved by the browser.
        await super().stop(now=True)
        # What a learner's cells left behind. The user id is the learner's alone.
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and entry.stat().st_uid == learners[self.user.name]["uid"]:
                    os.kill(int(entry.name), signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError):
                pass


c = get_config()  # noqa: F821 - JupyterHub's
c.JupyterHub.bind_url = settings["url"]
c.JupyterHub.hub_port = settings["hubPort"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxyPort']}"
c.ConfigurableHTTPProxy.pid_file = str(hub / "state" / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{hub / 'state' / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(hub / "state" / "cookie_secret")
c.JupyterHub.authenticator_class = LearnersAuthenticator
c.Authenticator.allowed_users = set(learners)
c.JupyterHub.spawner_class = LearnerSpawner
c.LearnerSpawner.term_timeout = 2
# A hub that ends takes the learners' servers with it; their folders stay.
c.JupyterHub.cleanup_servers = True
c.Spawner.cmd = ["jupyterhub-singleuser"]
c.Spawner.notebook_dir = str(hub / "learners" / "{username}" / "notebooks")
c.Spawner.default_url = "/tree"
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL"]
c.Spawner.environment = {
    "JUPYTERHUB_SINGLEUSER_APP": "notebook.notebookapp.NotebookApp",
    "JUPYTER_PATH": str(hub / "jupyter"),
    "COURSE_DOWNLOAD": "never",
    **settings["environment"],
}
idle = settings["idle"]
c.Spawner.args = [
    "--KernelSpecManager.ensure_native_kernel=False",
    # A kernel that nobody looks at ends after the idle time, a server without kernels after as long again.
    f"--MappingKernelManager.cull_idle_timeout={idle}",
    f"--MappingKernelManager.cull_interval={max(1, min(60, idle // 2))}",
    f"--NotebookApp.shutdown_no_activity_timeout={2 * idle}",
]
