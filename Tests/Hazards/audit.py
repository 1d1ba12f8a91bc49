#!/usr/bin/env python3
"""What strace saw of the engine's process during standard calls (failures H8): audit.py LOG

No octet to descriptors 1 and 2, no signal handled or blocked otherwise than around the making of a thread or a program,
and every descriptor close-on-exec from its first moment, with the exceptions that are named here.
"""

import collections
import re
import sys

CALL = re.compile(r"^(\d+) +([a-z_0-9]+)\((.*)\) += (-?\d+|\?|0x[0-9a-f]+)")
MAKERS = {
    "openat": "O_CLOEXEC", "open": "O_CLOEXEC", "socket": "SOCK_CLOEXEC", "socketpair": "SOCK_CLOEXEC",
    "accept4": "SOCK_CLOEXEC", "epoll_create1": "EPOLL_CLOEXEC", "eventfd2": "EFD_CLOEXEC",
    "timerfd_create": "TFD_CLOEXEC", "memfd_create": "MFD_CLOEXEC", "pipe2": "O_CLOEXEC", "inotify_init1": "IN_CLOEXEC",
}
# These make descriptors that are never close-on-exec, or have a form that is.
FORBIDDEN = {"accept", "epoll_create", "eventfd", "pipe", "dup", "dup2", "dup3", "signalfd", "signalfd4", "inotify_init",
             "chdir", "fchdir", "umask", "setrlimit", "setsid", "alarm", "setitimer", "kill", "tkill", "tgkill"}

# Read and closed within one call by c-ares and libcrypto, which open them without the flag. The thread that loads libcurl
# reads its own while the host goes on: forking waits for that thread, and no program may begin before they are closed.
MOMENTARY = ("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/dev/urandom", "/openssl.cnf")


def unfinished(lines):
    """Calls that strace tells in two pieces, in one."""
    begun = {}
    for line in lines:
        process = line.split(" ", 1)[0]
        if line.rstrip().endswith("<unfinished ...>"):
            begun[process] = line.rsplit(" <unfinished", 1)[0]
        elif "resumed>" in line and process in begun:
            yield begun.pop(process) + line.split("resumed>", 1)[1]
        else:
            yield line


def threads(calls):
    """The engine's threads. The phones and a program that speaks are other processes: they may do what they like."""
    parent, shared = {}, {}
    ours = set()
    for process, name, arguments, result in calls:
        if name in ("clone", "clone3", "vfork", "fork"):
            parent[result], shared[result] = process, "CLONE_THREAD" in arguments
        if "/begin-of-audit" in arguments:
            ours.add(process)
    while True:
        more = {each for each in parent if shared[each] and parent[each] in ours} - ours
        if not more:
            return ours
        ours |= more


def judge(path):
    problems, counted, told = [], collections.Counter(), []
    open_pairs = set()  # sockets of libcurl's that we mark at once
    momentary, pipe = {}, []  # which thread opened it
    lines = [(line, CALL.match(line)) for line in unfinished(open(path, errors="replace"))]
    lines = [(line, match.groups()) for line, match in lines if match]
    ours, inside = threads([call for _, call in lines]), False
    mains = {process for _, (process, _, arguments, _) in lines if "/begin-of-audit" in arguments}
    for line, (process, name, arguments, result) in lines:
        if "-of-audit" in arguments:
            inside = "/begin-of-audit" in arguments
            continue
        if not inside or process not in ours:
            continue
        counted[name] += 1
        if name in ("write", "writev", "pwrite64", "sendto", "sendmsg") and re.match(r"[12][,<]", arguments):
            problems.append(f"writes to standard output or error: {line.strip()}")
        if name == "rt_sigaction" and not re.match(r"\w+, NULL", arguments):
            # libc makes itself a handler with the first thread; libcurl closes connections with SIGPIPE ignored.
            if arguments.startswith("SIGRT_1, "):
                told.append("libc handled SIGRT_1 for its threads")
            elif arguments.startswith("SIGPIPE, "):
                pipe.append("SIG_IGN" if "sa_handler=SIG_IGN" in arguments else "SIG_DFL")
                told.append("libcurl ignored SIGPIPE while it closed what it had, and put it back")
            else:
                problems.append(f"handles a signal: {line.strip()}")
        if name in FORBIDDEN and not (name == "kill" and "SIGKILL" in arguments):
            problems.append(f"{name}: {line.strip()}")
        if name in ("execve", "exit_group"):
            problems.append(f"ends or becomes another program: {line.strip()}")
        if name in MAKERS and not result.startswith("-") and MAKERS[name] not in arguments:
            pair = re.search(r"\[(\d+)\S*, (\d+)\S*\]", arguments) if name == "socketpair" else None
            if pair:
                open_pairs.update(pair.groups())
                told.append("libcurl's own pair of sockets is marked in the next two calls, not as it is made")
            else:
                momentary[result] = process
                if name != "openat" or not any(each in arguments for each in MOMENTARY):
                    problems.append(f"not close-on-exec: {line.strip()}")
        # A program of ours is given no descriptor but its own three, whatever there is (CLONE_VFORK: posix_spawn).
        begins = (name in ("fork", "vfork", "clone", "clone3")
                  and "CLONE_THREAD" not in arguments and "CLONE_VFORK" not in arguments)
        waits = name in ("epoll_wait", "poll", "ppoll") and process in mains
        kept = [each for each, opener in momentary.items() if begins or waits and opener == process]
        if kept:
            problems.append(f"descriptors {sorted(kept)} stay open for other programs: {line.strip()}")
            for each in kept:
                del momentary[each]
        if name == "fcntl":
            marked = re.match(r"(\d+)\S*, F_SETFD, FD_CLOEXEC", arguments)
            if marked:
                open_pairs.discard(marked.group(1))
            if re.search(r"F_DUPFD(?!_CLOEXEC)", arguments):
                problems.append(f"not close-on-exec: {line.strip()}")
        if name == "close":
            open_pairs.discard(re.match(r"\d+", arguments).group())
            momentary.pop(re.match(r"\d+", arguments).group(), None)
    if pipe != ["SIG_IGN", "SIG_DFL"] * (len(pipe) // 2):
        problems.append(f"SIGPIPE was not put back: {pipe}")
    if not ours:
        problems.append("the log has no beginning")
    if open_pairs or momentary:
        problems.append(f"descriptors {sorted(open_pairs | momentary.keys())} stay open for other programs")
    for problem in problems:
        print(f"audit: {problem}", file=sys.stderr)
    made = sum(counted[name] for name in MAKERS)
    print(f"audit: {sum(counted.values())} system calls, {made} of them made descriptors; {len(problems)} problems"
          + "".join(f"; {each}" for each in sorted(set(told))))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(judge(sys.argv[1]))
