import CRCML

extension Command {
  static let answer = Command(
    name: "answer",
    summary: "a phone: rings, answers or refuses, plays, presses keys, records, hangs up",
    options: [
      Option("code", "CODE", "how to answer: 200, or 300 to 699 to refuse (200)"),
      Option("ring", "SECONDS", "ring that long first"),
      Option("digits", "KEYS", "press these keys a second after the answer; w waits half a second"),
      Option("play", "FILE", "then play this WAV, AU or MP3 file, again and again"),
      Option(
        "record", "FILE", "write what is heard into a new WAV file; FILE-2.wav for the second call"),
      Option("hangup", "SECONDS", "hang up that long after the answer"),
      Option("count", "N", "end after N calls"),
      Option("require-auth", "USER:PASSWORD", "callers must know these: digest authentication"),
    ] + agentOptions
  ) { options throws(Problem) in
    let phone = try Phone(options)
    return try phone.run()
  }
}
