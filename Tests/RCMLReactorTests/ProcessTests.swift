import Glibc
import RCMLAgent
import RCMLBasics
import RCMLMedia
import RCMLReactor
import Testing

/// What a child process sees. Descriptors are counted there, where no other test opens any.
@Suite(.serialized)
struct ProcessTests {
  private func inChild(_ body: () -> Int32) -> Int32? { ChildProcess.run(body) }

  private func kind(_ body: () throws(ReactorError) -> Void) -> Int32 {
    do throws(ReactorError) {
      try body()
      return 100
    } catch { return Int32(error.kind.rawValue) }
  }

  /// Failures H6.
  @Test func aChildProcessIsToldThatTheAgentIsNotItsOwn() throws {
    let rig = try Rig()
    try rig.reactor.listen("udp:127.0.0.1:0")
    let reactor = rig.reactor
    let forked = Int32(ReactorError.Kind.forked.rawValue)
    #expect(inChild { self.kind { () throws(ReactorError) in try reactor.process() } } == forked)
    #expect(
      inChild { self.kind { () throws(ReactorError) in _ = try reactor.nextEvent() } } == forked)
    // Closing it there leaves the parent's alone.
    #expect(
      inChild {
        reactor.close()
        return 0
      } == 0)
    #expect(try !reactor.process())
  }

  @Test func aClosedConnectionIsHeardOfNoMoreThoughAForkedChildLives() throws {
    let rig = try Rig()
    let address = try rig.reactor.listen("tcp:127.0.0.1:0").address
    try rig.say(.network(.openStream(ConnectionID(2), to: address)))
    let accepted = try rig.hear { heard -> ConnectionID? in
      if case .accepted(let id, _, _) = heard { return id }
      return nil
    }
    let theirs = try #require(accepted)
    try ChildProcess.beside {
      try rig.say(.network(.closeStream(ConnectionID(2))), .network(.closeStream(theirs)))
      let sleeps = try rig.sleeps()
      #expect(sleeps)
    }
  }

  private static func descriptors() -> [Int32] {
    (0..<512).filter { fcntl($0, F_GETFD) >= 0 }
  }

  private static let speech = SoundSource.speech(
    SpeechRequest(program: "true", text: "", language: "en", voice: "man"))

  /// Uses everything once: UDP, TCP both ways, a name, HTTP, RTP, a sound, a program.
  private static func useAll(_ rig: Rig) throws {
    try rig.reactor.listen("udp:127.0.0.1:0")
    let web = try rig.reactor.listen("tcp:127.0.0.1:0").address
    try rig.say(
      .network(.openStream(ConnectionID(2), to: web)),
      .media(.open(MediaID(1))),
      .media(.load(SoundID(1), .file(path: "/dev/null"))),
      .media(.load(SoundID(2), speech)),
      .names(.addresses(ResolutionID(1), host: Array("localhost".utf8))),
      .web(
        ExchangeID(1),
        .begin(
          HTTPExchange(
            method: "GET", url: "http://127.0.0.1:\(web.port)/", headers: [], body: [],
            connectTimeout: .seconds(1), timeout: .milliseconds(50), bodyLimit: 10,
            blocksPrivateAddresses: false, verifiesTLS: true))))
    for _ in 0..<5 { try rig.reactor.wait(milliseconds: 20) }
  }

  @Test func nothingIsLeftOpenAfterClose() throws {
    let left = inChild {
      do {
        try ProcessTests.useAll(try Rig())  // what libraries keep for good is opened here
        let before = ProcessTests.descriptors()
        for _ in 0..<3 {
          let rig = try Rig()
          try ProcessTests.useAll(rig)
          rig.reactor.close()
        }
        return Int32(ProcessTests.descriptors().count - before.count)
      } catch { return 99 }
    }
    #expect(left == 0)
  }

  @Test func closedStreamsLeaveNothingOpen() throws {
    let left = inChild {
      do {
        let rig = try Rig()
        try rig.say(.media(.open(MediaID(1))), .media(.close(MediaID(1))))
        let before = ProcessTests.descriptors()
        for id in 2...200 as ClosedRange<UInt64> {
          try rig.say(.media(.open(MediaID(id))))
          guard ProcessTests.descriptors().count == before.count + 2 else { return 98 }
          try rig.say(.media(.close(MediaID(id))))
        }
        try rig.say(.media(.open(MediaID(300))))
        rig.reactor.close()
        // The loop, its timer, its waker and its spare one are gone, too.
        return Int32(before.count - ProcessTests.descriptors().count)
      } catch { return 99 }
    }
    #expect(left == 4)
  }

  /// Failures H11.
  @Test func withoutDescriptorsAStreamIsNotOpenedAndTheOthersGoOn() throws {
    let result = inChild {
      do {
        let rig = try Rig()
        guard let one = RTPParty(), let other = RTPParty() else { return 90 }
        guard let port = try rig.open(1, with: one), try rig.open(2, with: other) != nil else {
          return 91
        }
        try rig.say(.media(.join(MediaID(1), MediaID(2), .init())))
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        // One is left: the pair's second socket cannot be made.
        let end = dup(0)
        close(end)
        limit.rlim_cur = rlim_t(end) + 1
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try rig.say(.media(.open(MediaID(3))))
        guard try rig.told(.unopened(MediaID(3))) else { return 92 }
        one.speak([5], to: port)
        guard try rig.receive(other)?.last == 5 else { return 93 }
        try rig.say(.media(.close(MediaID(2))), .media(.open(MediaID(4))))
        return try rig.media { event -> Bool? in
          if case .opened(MediaID(4), _) = event { return true }
          return nil
        } == true ? 0 : 94
      } catch { return 99 }
    }
    #expect(result == 0)
  }

  /// Whoever connects leaves room for the media of calls [Y-13].
  @Test func connectionsStopBeforeTheDescriptorsOfMediaAreGone() throws {
    let result = inChild {
      do {
        let rig = try Rig()
        let address = try rig.reactor.listen("tcp:127.0.0.1:0").address
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = 120
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let before = ProcessTests.descriptors().count
        // Each is two descriptors of ours, and they are kept.
        for number in 1...40 as ClosedRange<UInt64> {
          try rig.say(.network(.openStream(ConnectionID(2 * number), to: address)))
          for _ in 0..<3 { try rig.reactor.wait(milliseconds: 5) }
        }
        let counters = rig.reactor.counters
        guard counters.streamsRefused > 0, counters.streamsAccepted > 0 else { return 90 }
        guard before + Int(counters.streamsAccepted) * 2 <= 92 else { return 91 }
        var findings = 0
        while let event = try rig.reactor.nextEvent() {
          if case .finding(nil, let finding) = event, finding.code == .limitReached {
            findings += 1
          }
        }
        guard findings > 0 else { return 92 }
        try rig.say(.media(.open(MediaID(1))))
        return try rig.told(.unopened(MediaID(1))) ? 93 : 0
      } catch { return 99 }
    }
    #expect(result == 0)
  }

  @Test func everyDescriptorIsClosedOnExec() throws {
    let open = inChild {
      do {
        let before = ProcessTests.descriptors()
        let rig = try Rig()
        try ProcessTests.useAll(rig)
        let ours = ProcessTests.descriptors().filter { !before.contains($0) }
        let inherited = ours.filter { fcntl($0, F_GETFD) & FD_CLOEXEC == 0 }
        return ours.count < 8 ? 98 : Int32(inherited.count)
      } catch { return 99 }
    }
    #expect(open == 0)
  }
}
