import Glibc

/// Another program, found in PATH, whose standard output is read here.
final class Program {
  private let process: pid_t
  private let output: Int32

  init?(_ words: [String]) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var arguments = words.map { strdup($0) } + [nil]
    var process: pid_t = 0
    let status = posix_spawnp(&process, words[0], &actions, nil, &arguments, environ)
    for argument in arguments { free(argument) }
    posix_spawn_file_actions_destroy(&actions)
    close(ends[1])
    guard status == 0 else {
      close(ends[0])
      return nil
    }
    self.process = process
    output = ends[0]
  }

  /// What it says up to the end of the first line that has `word` in it.
  func read(until word: String) -> String {
    var said: [UInt8] = []
    var octet: UInt8 = 0
    while Glibc.read(output, &octet, 1) == 1 {
      said.append(octet)
      let text = String(decoding: said, as: UTF8.self)
      if octet == 10, text.contains(word) { return text }
    }
    return String(decoding: said, as: UTF8.self)
  }

  func wait() { waitpid(process, nil, 0) }

  func end() {
    kill(process, SIGKILL)
    wait()
  }

  deinit { close(output) }
}
