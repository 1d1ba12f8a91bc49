import Glibc
import RCMLAgent
import RCMLBasics
import Testing

@testable import RCMLMedia
@testable import RCMLReactor

@Suite(.serialized)
struct SpeechTests {
  /// Puts its input behind a header, so that the sound is the text, an octet a sample.
  private static let echo = "exec cat \"$0.head\" -"
  private static let head =
    Array("RIFF".utf8) + [255, 255, 255, 255] + Array("WAVEfmt ".utf8)
    + [16, 0, 0, 0, 7, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]
    + Array("data".utf8) + [255, 255, 255, 255]

  private static func program(_ folder: Folder, _ script: String) -> String {
    folder.write(head, to: "speak.head")
    return folder.writeProgram("#!/bin/sh\n\(script)\n", to: "speak")
  }

  private static func speak(
    _ program: String, _ text: String = "hello", _ id: UInt64 = 1, language: String = "en",
    voice: String = "man"
  ) -> Output {
    .media(
      .load(
        SoundID(id),
        .speech(SpeechRequest(program: program, text: text, language: language, voice: voice))))
  }

  private static func lines(_ folder: Folder, _ name: String) -> [String] {
    String(decoding: folder.read(name) ?? [], as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: true).map { String($0) }
  }

  /// Failures A12.
  @Test func whateverTheTextIsTheProgramReadsItOctetForOctet() throws {
    let folder = try #require(Folder())
    let program = SpeechTests.program(folder, SpeechTests.echo)
    let pieces = [
      "\"", "'", "`", "$(touch ran)", "; rm -rf x", "| cat", "&", "> out", "\n", "\r", "\\", "\0",
      "-w file", "--help", "-", "-o /dev/null", "%s%n", "<speak>", "<break time=\"1s\"/>", "]]>",
      "[[h@'loU]]", "é", "日本", "🎷", "\u{202E}", "\u{FEFF}", "*", "~", "!", "#", "hello", " ",
      "\u{1B}[2J", "\u{4}", "\u{1A}", "${IFS}", "{a,b}", "@file", "http://x/", "/etc/passwd",
    ]
    var random = RandomSource(seed: 12)
    let texts = (0..<1_000).map { index in
      index < pieces.count
        ? pieces[index]
        : (0...random.next() % 6).map { _ in
          pieces[Int(random.next() % UInt64(pieces.count))]
        }.joined()
    }
    let rig = try Rig()
    for (index, text) in texts.enumerated() {
      rig.core.outputs.append(SpeechTests.speak(program, text, UInt64(index)))
    }
    try rig.say()
    for (index, text) in texts.enumerated() {
      guard case .success = try SoundTests.outcome(rig, UInt64(index)) else {
        Issue.record("nothing was spoken of \(text)")
        continue
      }
      let spoken = rig.reactor.media?.engine.sound(SoundID(UInt64(index)))
      #expect(spoken == text.utf8.map { G711.decode($0, .mu) }, "\(text)")
    }
    #expect(folder.read("ran") == nil)
  }

  @Test func theProgramSeesItsArgumentsAndNothingElseOfOurs() throws {
    let folder = try #require(Folder())
    let script = """
      printf '%s\\n' "$@" > "$0.args"; env > "$0.env"; ls -l /proc/$$/fd > "$0.fds"
      cut -d' ' -f5 /proc/$$/stat > "$0.group"; echo $$ >> "$0.group"
      while read -r key value; do case $key in SigBlk:|SigIgn:) echo "$value" ;; esac
      done < /proc/$$/status > "$0.signals"
      readlink /proc/$$/fd/2 > "$0.errors"
      \(SpeechTests.echo)
      """
    let program = SpeechTests.program(folder, script)
    let inherited = fcntl(0, F_DUPFD, 100)
    defer { close(inherited) }
    setenv("RCML_TEST_SECRET", "1", 1)
    let rig = try Rig()
    try rig.say(SpeechTests.speak(program, language: "de-DE", voice: "woman"))
    #expect(try SoundTests.outcome(rig) != nil)
    #expect(SpeechTests.lines(folder, "speak.args") == ["de-DE", "woman"])
    let known = ["PATH", "LANG", "PWD", "OLDPWD", "SHLVL", "_"]
    for line in SpeechTests.lines(folder, "speak.env") {
      #expect(known.contains(String(line.prefix { $0 != "=" })), "\(line)")
    }
    // The shell has its script open and copies of the three; of ours there is none.
    let descriptors = SpeechTests.lines(folder, "speak.fds").joined(separator: "\n")
    #expect(descriptors.contains(" 0 -> /memfd:rcml"))
    for word in [" \(inherited) -> ", "socket:", "anon_inode:", "pipe:"] {
      #expect(!descriptors.contains(word), "\(descriptors)")
    }
    #expect(Set(SpeechTests.lines(folder, "speak.group")).count == 1)
    #expect(SpeechTests.lines(folder, "speak.signals").count == 2)
    for line in SpeechTests.lines(folder, "speak.signals") {
      // The C library keeps two signals for itself.
      #expect(["0000000000000000", "0000000180000000"].contains(line.suffix(16)), "\(line)")
    }
    #expect(SpeechTests.lines(folder, "speak.errors") == ["/dev/null"])
  }

  /// Failures A12: neither is taken for an option, a path or a URL.
  @Test(arguments: [
    "-w file", "--help", "", "../../etc/passwd", "en;reboot", "en\0", "é", "http://x/y",
    String(repeating: "a", count: 100), "+f3", "a b", "x.flitevox",
  ])
  func anOddLanguageOrVoiceIsTheUsualOne(text: String) {
    func arguments(_ program: String) -> [String]? {
      SpeechRequest(program: program, text: "-x", language: text, voice: text).arguments
    }
    #expect(arguments("/opt/say") == ["/opt/say", "en", "man"])
    #expect(
      arguments("/usr/bin/flite")
        == ["/usr/bin/flite", "-voice", "rms", "-f", "-", "-o", "/proc/self/fd/1"])
    #expect(arguments("espeak-ng") == ["espeak-ng", "--stdin", "--stdout", "-v", "en"])
  }

  @Test(arguments: [
    "echo rubbish", "exit 3", "kill -9 $$", "exit 0", "exec cat \"$0.head\"",
    "cat \"$0.head\" -; exit 1", "exec cat /dev/zero", "while :; do echo y; done",
  ])
  func aProgramThatDoesNotSpeakIsSpeechless(script: String) throws {
    let folder = try #require(Folder())
    let program = SpeechTests.program(folder, script)
    let rig = try Rig()
    try rig.say(.media(.stop(PlaybackID(1))))
    rig.reactor.media?.sounds.programs.timeLimit = .seconds(2)
    try rig.say(SpeechTests.speak(program))
    #expect(try SoundTests.outcome(rig) == .failure(.speechless))
  }

  @Test func aProgramThatIsNotThereOrIsNoneIsSpeechlessAndNoShellIsAsked() throws {
    let folder = try #require(Folder())
    let plain = folder.writeProgram("touch \(folder.file("ran"))\n", to: "x")
    let closed = folder.write(Array("#!/bin/sh\n".utf8), to: "y")
    let rig = try Rig()
    for program in [plain, closed, folder.path, folder.file("none"), "", "a\0b", "no-such-rcml"] {
      try rig.say(SpeechTests.speak(program))
      #expect(try SoundTests.outcome(rig) == .failure(.speechless), "\(program)")
    }
    #expect(folder.read("ran") == nil)
  }

  private static func hasEnded(_ process: String) -> Bool {
    guard let number = pid_t(process) else { return false }
    if kill(number, 0) != 0 { return true }
    var room = [UInt8](repeating: 0, count: 512)
    let file = Glibc.open("/proc/\(number)/stat", O_RDONLY)
    defer { close(file) }
    let count = max(0, read(file, &room, room.count))
    let text = String(decoding: room[..<count], as: UTF8.self)
    return text.isEmpty || text.contains(") Z ")
  }

  @Test func aProgramThatHangsIsKilledWithAllItStarted() throws {
    let folder = try #require(Folder())
    let program = SpeechTests.program(
      folder, "sleep 1000 & echo $! > \"$0.pids\"; echo $$ >> \"$0.pids\"; wait")
    let rig = try Rig()
    try rig.say(.media(.stop(PlaybackID(1))))
    rig.reactor.media?.sounds.programs.timeLimit = .milliseconds(500)
    try rig.say(SpeechTests.speak(program))
    #expect(try SoundTests.outcome(rig) == .failure(.speechless))
    let processes = SpeechTests.lines(folder, "speak.pids")
    #expect(processes.count == 2)
    for process in processes {
      for _ in 0..<100 where !SpeechTests.hasEnded(process) { try rig.turn(milliseconds: 20) }
      #expect(SpeechTests.hasEnded(process))
    }
  }

  @Test func noMoreThanFourSpeakAtOnceAndTheOthersWaitTheirTurn() throws {
    let folder = try #require(Folder())
    let program = SpeechTests.program(
      folder,
      """
      mkdir "$0.run.$$"; set -- "$0".run.*; echo $# >> "$0.counts"
      sleep 0.05; rmdir "$0.run.$$"; \(SpeechTests.echo)
      """)
    let rig = try Rig()
    for id in 1...12 as ClosedRange<UInt64> {
      rig.core.outputs.append(SpeechTests.speak(program, "a", id))
    }
    rig.core.outputs.append(.media(.forget(SoundID(12))))
    try rig.say()
    for id in 1...11 as ClosedRange<UInt64> {
      #expect(try SoundTests.outcome(rig, id) == .success(0))
    }
    let counts = SpeechTests.lines(folder, "speak.counts").compactMap { Int($0) }
    #expect(counts.count == 11 && (counts.max() ?? 9) <= SpeechPrograms.concurrency)
  }

  /// A host that does not want to hear of its children has the kernel take ours as well.
  @Test func aHostThatIgnoresTheEndOfItsChildrenHearsTheSpeechAllTheSame() throws {
    let folder = try #require(Folder())
    let program = SpeechTests.program(folder, SpeechTests.echo)
    let code = ChildProcess.run {
      signal(SIGCHLD, SIG_IGN)
      guard let rig = try? Rig(), (try? rig.say(SpeechTests.speak(program, "12345678"))) != nil,
        let outcome = try? SoundTests.outcome(rig)
      else { return 9 }
      return outcome == .success(1) ? 0 : 1
    }
    #expect(code == 0)
  }

  @Test func aForkedChildThatClosesTheAgentDisturbsNoProgram() throws {
    let folder = try #require(Folder())
    let program = SpeechTests.program(folder, "sleep 0.3; \(SpeechTests.echo)")
    let rig = try Rig()
    try rig.say(SpeechTests.speak(program, "12345678"))
    let code = ChildProcess.run {
      rig.reactor.close()
      return 0
    }
    #expect(code == 0)
    #expect(try SoundTests.outcome(rig) == .success(1))
  }

  /// Failures H6: a child's copies of our descriptors do not keep the loop awake.
  @Test func aProgramThatEndedIsHeardOfNoMoreThoughAForkedChildLives() throws {
    let folder = try #require(Folder())
    let program = SpeechTests.program(folder, "sleep 0.3; \(SpeechTests.echo)")
    let rig = try Rig()
    try rig.say(SpeechTests.speak(program, "12345678"))
    try ChildProcess.beside {
      let outcome = try SoundTests.outcome(rig)
      let sleeps = try rig.sleeps()
      #expect(outcome == .success(1) && sleeps)
    }
  }

  @Test func closingTheAgentEndsItsPrograms() throws {
    let folder = try #require(Folder())
    let program = SpeechTests.program(folder, "echo $$ > \"$0.pids\"; exec sleep 1000")
    let rig = try Rig()
    try rig.say(SpeechTests.speak(program))
    for _ in 0..<100 where SpeechTests.lines(folder, "speak.pids").isEmpty {
      try rig.turn(milliseconds: 20)
    }
    let process = try #require(SpeechTests.lines(folder, "speak.pids").first)
    rig.reactor.close()
    #expect(kill(try #require(pid_t(process)), 0) != 0)
  }

  private static func isInstalled(_ program: String) -> Bool {
    ["/usr/bin/", "/usr/local/bin/"].contains { access($0 + program, X_OK) == 0 }
  }

  /// V-1.
  @Test(
    .enabled(if: isInstalled("flite"), "flite is not installed"),
    arguments: ["man", "woman", "kal", "nobody"])
  func fliteSpeaks(voice: String) throws {
    let rig = try Rig()
    try rig.say(SpeechTests.speak("flite", "Hello there. -o file", voice: voice))
    #expect(try #require(try SoundTests.outcome(rig)).get() > 500)
  }

  @Test(
    .enabled(if: isInstalled("espeak-ng"), "espeak-ng is not installed"),
    arguments: [("en", "man"), ("de-DE", "woman"), ("en", "nobody")])
  func espeakSpeaks(language: String, voice: String) throws {
    let rig = try Rig()
    try rig.say(
      SpeechTests.speak("espeak-ng", "-w file Hello there.", language: language, voice: voice))
    #expect(try #require(try SoundTests.outcome(rig)).get() > 500)
  }

  // V-21
  @Test func aProgramThatReadsMarkupGetsItAlways() {
    func request(_ program: String, _ markup: String) -> SpeechRequest {
      SpeechRequest(program: program, text: "A & b", markup: markup, language: "en", voice: "man")
    }
    let marked = "<speak>A &amp; <emphasis>b</emphasis></speak>"
    #expect(request("/opt/say {ssml}", marked).input == marked)
    #expect(request("/opt/say {ssml}", "").input == "<speak>A &amp; b</speak>")
    #expect(request("/opt/say", marked).input == "A & b")
    #expect(request("/opt/say {ssml}", "").arguments == ["/opt/say", "en", "man"])
    #expect(request("espeak-ng {ssml}", "").arguments?.last == "-m")
    #expect(request("/usr/bin/flite {ssml}", "").arguments?.last == "-ssml")
    #expect(request("flite", "").arguments?.last != "-ssml")
    #expect(request(" {ssml}", "").arguments == nil)
  }
}
