import RCMLBasics
import Testing

@testable import RCMLSIP

/// What a peer inside a dialog may make us keep, INFOs of ours, and the 100 that every INVITE gets.
@Suite struct SessionBoundTests {
  private let sdp = "v=0\r\n"

  private func connected(_ bench: Bench) -> (SessionID, Bench.Sent) {
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200, body: sdp))
    _ = bench.news()
    return (id, invite)
  }

  private func options(_ bench: Bench, _ invite: Bench.Sent, _ cseq: Int) {
    bench.receive(
      bench.request("OPTIONS", inDialogOf: invite, cseq: cseq, branch: "z9hG4bKo\(cseq)"))
  }

  // MARK: bounds

  /// A higher CSeq makes a new transaction, and each lives for 32 s.
  @Test func requestsInsideADialogAreBounded() throws {
    let bench = Bench()
    let (_, invite) = connected(bench)
    let before = bench.agent.census.transactions
    for cseq in 1...Limits.sessionTransactions { options(bench, invite, cseq) }
    #expect(bench.news().allSatisfy { $0.code == 200 })
    #expect(bench.agent.census.transactions == before + Limits.sessionTransactions)
    for more in 1...3 { options(bench, invite, Limits.sessionTransactions + more) }
    let said = bench.news()
    #expect(said.map(\.code) == [503, 503, 503])
    #expect(said.allSatisfy { !$0.header("Retry-After").isEmpty })
    #expect(bench.agent.census.transactions == before + Limits.sessionTransactions)
    // Whoever has used up its room may still hang up.
    bench.receive(
      bench.request(
        "BYE", inDialogOf: invite, cseq: Limits.sessionTransactions + 9, branch: "z9hG4bKbye"))
    #expect(bench.news().map(\.short) == ["200 BYE"])
    #expect(bench.eventNames == ["answered", "hungUp", "ended"])
    bench.expectQuiet()
  }

  @Test func theRoomComesBackWithTime() {
    let bench = Bench()
    let (_, invite) = connected(bench)
    for cseq in 1...Limits.sessionTransactions { options(bench, invite, cseq) }
    bench.advance(.seconds(33))
    _ = bench.news()
    options(bench, invite, Limits.sessionTransactions + 1)
    #expect(bench.news().map(\.short) == ["200 OPTIONS"])
  }

  @Test func octetsOfRequestsThatWaitedOrWereServedAreGivenBack() {
    var life = SessionLife()
    life.beginWaiting(300)
    life.beginServing(500)
    #expect(life.octets == 800)
    life.endWaiting(300)
    #expect(life.octets == 500)
    life.endServing(500)
    #expect(life.octets == 0)
  }

  /// BYE in a dialog that is not the leg ends nothing, so it needs a bound of its own.
  @Test func anEarlyDialogHasABoundForBYEToo() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 180))
    let before = bench.agent.census.transactions
    for cseq in 1...Limits.sessionTransactions * 2 + 5 {
      bench.receive(
        bench.request("BYE", inDialogOf: invite, cseq: cseq, branch: "z9hG4bKb\(cseq)"))
    }
    #expect(bench.agent.census.transactions == before + Limits.sessionTransactions * 2)
  }

  @Test func aRequestThatWasAnsweredOrHandedOnLosesItsBody() throws {
    let bench = Bench()
    let request = bench.callerRequest("INVITE", body: sdp)
    let reading = Array(request.utf8).withUnsafeBytes { MessageReader.read($0, over: .udp) }
    guard case .message(let message) = reading else { throw Failure() }
    let short = message.withoutBody
    #expect(short.body.isEmpty && short.bytes.count == message.bytes.count - sdp.utf8.count)
    let writer = ResponseWriter(to: short, code: 200, source: Bench.peer)
    let whole = ResponseWriter(to: message, code: 200, source: Bench.peer)
    let (one, other) = (writer.finish(), whole.finish())
    #expect(one == other)
    let keys = RequestKeys(hashKey: (1, 2))
    let server = ServerTransaction(
      number: 1, key: keys.transaction(of: message, as: .invite), mergeKey: nil, owner: 1,
      request: message, flow: .datagram(Bench.udp, remote: Bench.peer), source: Bench.peer,
      at: bench.now)
    server.dropBody()
    #expect(server.hasOffer && server.request?.body.isEmpty == true)
    server.responded([49], code: 180)
    #expect(server.request != nil)
    server.responded([49], code: 200)
    #expect(server.request == nil)
  }

  /// What waits for the host's word, or for the other party's, has handed on its body.
  @Test func aReINVITEThatWaitsKeepsNoBody() throws {
    let bench = Bench()
    let (_, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    let servers = bench.agent.transactions.servers
    let server = try #require((1 << 32..<1 << 32 + 4).compactMap { servers[$0] }.first)
    #expect(server.hasOffer && server.request?.body.isEmpty == true)
  }

  private struct Failure: Error {}

  /// The route set of an early dialog has the bound of every other.
  @Test func theRoutesOfAnEarlyDialogAreBounded() throws {
    let bench = Bench()
    _ = bench.call()
    _ = bench.news()
    let routes = (1...Limits.routes + 8).map { "Record-Route: <sip:10.0.0.2;lr;n=\($0)>" }
    bench.receive(
      bench.answer(bench.sent[0], 183, extra: ["Require: 100rel", "RSeq: 1"] + routes))
    let prack = try #require(bench.news().last)
    #expect(prack.short == "PRACK" && prack.headers("Route").count == Limits.routes)
  }

  // MARK: INFO of ours

  @Test func anINFOOfOursGoesOutInsideTheDialog() throws {
    let bench = Bench()
    let (id, _) = connected(bench)
    let digits = "Signal=5\r\nDuration=160\r\n"
    bench.agent.sendInfo(
      id, contentType: Array("application/dtmf-relay".utf8), body: Array(digits.utf8),
      at: bench.now)
    bench.drain()
    let info = try #require(bench.news().last)
    #expect(info.short == "INFO" && info.header("CSeq") == "2 INFO" && info.tag == "bob")
    #expect(info.header("Content-Type") == "application/dtmf-relay")
    #expect(info.text.hasSuffix("\r\n\r\n" + digits))
    bench.receive(bench.answer(info, 415))
    bench.advance(.seconds(40))
    #expect(bench.eventNames == ["answered"])
  }

  @Test(arguments: [481, 408])
  func aPeerThatNoLongerKnowsTheDialogOfOurINFOIsLost(_ code: Int) throws {
    let bench = Bench()
    let (id, _) = connected(bench)
    bench.agent.sendInfo(id, contentType: Array("a/b".utf8), body: [49], at: bench.now)
    bench.drain()
    bench.receive(bench.answer(try #require(bench.news().last), code))
    #expect(bench.eventNames == ["answered", "lost"])
  }

  /// RFC 6086 §4.2, spec U-62.
  @Test func anINFOOfOursGoesOutInAnEarlyDialog() throws {
    let bench = Bench()
    let id = bench.call()
    bench.receive(bench.answer(bench.sent[0], 183))
    _ = bench.news()
    bench.agent.sendInfo(id, contentType: Array("a/b".utf8), body: [49], at: bench.now)
    bench.drain()
    let info = try #require(bench.news().last)
    #expect(info.short == "INFO" && info.header("CSeq") == "2 INFO" && info.tag == "bob")
    // A phone that knows INFO in a confirmed dialog alone loses nothing but the key.
    bench.receive(bench.answer(info, 481))
    bench.receive(bench.answer(bench.sent[0], 200, body: sdp))
    #expect(bench.news().map(\.short) == ["ACK"])
    #expect(bench.eventNames == ["provisional", "answered"])
  }

  @Test func anINFOOfOursGoesOutToACallerThatHearsUsRing() {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", body: sdp))
    let id = bench.incoming[0].id
    bench.agent.sendInfo(id, contentType: Array("a/b".utf8), body: [49], at: bench.now)
    bench.drain()
    #expect(!bench.news().map(\.short).contains("INFO"))
    _ = bench.agent.ring(id, code: 180, body: [], at: bench.now)
    bench.agent.sendInfo(id, contentType: Array("a/b".utf8), body: [49], at: bench.now)
    bench.drain()
    #expect(bench.news().map(\.short) == ["180 INVITE", "INFO"])
  }

  @Test func noINFOGoesOutWhereNoDialogIs() {
    let bench = Bench()
    let id = bench.call()
    bench.receive(bench.answer(bench.sent[0], 100))
    _ = bench.news()
    bench.agent.sendInfo(id, contentType: Array("a/b".utf8), body: [49], at: bench.now)
    bench.drain()
    #expect(bench.news().isEmpty)
  }

  /// Nobody knows which of them is heard.
  @Test func noINFOGoesOutWhereTheINVITEForked() {
    let bench = Bench()
    let id = bench.call()
    bench.receive(bench.answer(bench.sent[0], 180))
    bench.receive(bench.answer(bench.sent[0], 180, tag: "carol"))
    _ = bench.news()
    bench.agent.sendInfo(id, contentType: Array("a/b".utf8), body: [49], at: bench.now)
    bench.drain()
    #expect(bench.news().isEmpty)
  }

  // MARK: 100

  /// RFC 3261 §17.2.1, spec U-55.
  @Test func aReINVITEThatWaitsGets100After200Milliseconds() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    let reinvite = bench.request("INVITE", inDialogOf: invite, body: sdp)
    bench.receive(reinvite)
    bench.advance(.milliseconds(199))
    #expect(bench.news().isEmpty)
    bench.advance(.milliseconds(1))
    let said = bench.news()
    #expect(said.map(\.short) == ["100 INVITE"])
    bench.receive(reinvite)
    #expect(bench.news().map(\.short) == ["100 INVITE"])
    bench.advance(.seconds(2))
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    #expect(bench.news().map(\.short) == ["200 INVITE"])
  }

  @Test func aReINVITEThatIsAnsweredAtOnceGetsNo100() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    bench.advance(.milliseconds(400))
    #expect(bench.news().map(\.short) == ["200 INVITE"])
  }

  @Test func anINVITEThatOpensASessionGetsIts100AtOnceAndNoOther() {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", body: sdp))
    #expect(bench.news().map(\.code) == [100])
    bench.advance(.seconds(5))
    #expect(bench.news().isEmpty)
  }
}

/// What a session may have of us in octets: small requests of many octets are as many as large ones of few.
@Suite struct SessionOctetTests {
  private let sdp = "v=0\r\n"
  private let large = String(repeating: "x", count: 60_000)

  /// A leg of ours and a caller, joined: the caller's requests go on to the leg.
  private func joined(_ bench: Bench) throws -> (caller: SessionID, leg: SessionID, tag: String) {
    let leg = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, body: sdp))
    bench.receive(bench.callerRequest("INVITE", body: sdp))
    let caller = try #require(bench.incoming.last?.id)
    bench.agent.accept(caller, body: Array(sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    let tag = try #require(bench.sent.last).tag
    bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack"))
    bench.agent.join(leg, caller)
    _ = bench.news()
    return (caller, leg, tag)
  }

  private func info(
    _ bench: Bench, _ tag: String, _ cseq: Int, _ extra: [String] = [], body: String
  ) {
    bench.receive(
      bench.callerRequest(
        "INFO", toTag: tag, cseq: cseq, branch: "z9hG4bKi\(cseq)", extra: extra, body: body,
        type: "application/x-noise"))
  }

  @Test func largeRequestsToAPartyThatNeverAnswersAreBoundedInOctets() throws {
    let bench = Bench()
    let (_, _, tag) = try joined(bench)
    for number in 1...100 { info(bench, tag, 1 + number, body: large) }
    let said = bench.news()
    let passed = said.filter { $0.method == "INFO" }
    #expect((10...17).contains(passed.count), "\(passed.count)")
    #expect(passed.reduce(0) { $0 + $1.bytes.count } <= Limits.sessionOctets)
    let refused = said.filter { $0.short == "503 INFO" }
    #expect(refused.count == 100 - passed.count)
    #expect(refused.allSatisfy { !$0.header("Retry-After").isEmpty })
    // Whoever has used up its room may still hang up.
    bench.receive(bench.callerRequest("BYE", toTag: tag, cseq: 200, branch: "z9hG4bKbye"))
    #expect(bench.news().map(\.short).contains("200 BYE"))
  }

  @Test func theirRoomComesBackWithTheAnswers() throws {
    let bench = Bench()
    let (_, _, tag) = try joined(bench)
    for number in 1...40 {
      info(bench, tag, 1 + number, body: large)
      let passed = try #require(bench.news().first { $0.method == "INFO" })
      bench.receive(bench.answer(passed, 200))
      #expect(bench.news().map(\.short) == ["200 INFO"])
      // The transaction of ours is remembered for 5 s more.
      bench.advance(.seconds(1))
      _ = bench.news()
    }
  }

  @Test func longHeadsAreBoundedInOctetsToo() throws {
    let bench = Bench()
    let (caller, leg, tag) = try joined(bench)
    bench.agent.part(leg, caller)
    let long = ["X-Long: " + String(repeating: "y", count: 15_000)]
    for number in 1...100 { info(bench, tag, 1 + number, long, body: "") }
    let codes = bench.news().map(\.short)
    let answered = codes.filter { $0 == "200 INFO" }.count
    #expect(
      (20...40).contains(answered) && codes.filter { $0 == "503 INFO" }.count == 100 - answered)
    bench.advance(.seconds(33))
    _ = bench.news()
    info(bench, tag, 300, long, body: "")
    #expect(bench.news().map(\.short) == ["200 INFO"])
  }

  @Test func nothingIsCountedForASessionThatIsGone() throws {
    let bench = Bench()
    let (_, _, tag) = try joined(bench)
    for number in 1...20 { info(bench, tag, 1 + number, body: large) }
    bench.advance(.seconds(40))
    bench.receive(bench.callerRequest("BYE", toTag: tag, cseq: 200, branch: "z9hG4bKbye"))
    bench.advance(.seconds(40))
    for id in bench.calls { bench.end(id) }
    bench.advance(.seconds(80))
    #expect(bench.octets == 0 && bench.agent.census == UserAgent.Census())
  }

  @Test func unfinishedMessagesOfAllConnectionsAreBounded() {
    let bench = Bench()
    let head = "INVITE sip:a@b SIP/2.0\r\nContent-Length: 65000\r\n\r\n"
    let piece = head + String(repeating: "z", count: 64_000)
    let most = Limits.unfinishedOctets / piece.utf8.count
    for number in 0..<most + 20 {
      let id = ConnectionID(UInt64(2 * number + 1))
      bench.agent.streamAccepted(
        id, on: Bench.tcp, local: Bench.local,
        remote: SocketAddress(ipv4: UInt32(number + 1), port: 30_000), at: bench.now)
      bench.receive(piece, on: id)
    }
    #expect(bench.closed.count == 20 && bench.agent.census.streams == most)
    bench.advance(.seconds(33))
    #expect(bench.agent.census.streams == 0)
    bench.receive("", on: ConnectionID(1))
  }
}
