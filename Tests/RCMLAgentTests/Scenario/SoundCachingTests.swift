import RCMLBasics
import RCMLMedia
import Simulator
import Testing

@testable import RCMLAgent

/// Whose sound is played to whom (spec V-20), in whole calls.
struct SoundCachingTests {
  private static let document =
    "<Response><Play>http://w/balance</Play><Pause length=\"9\"/></Response>"
  private static let pitches: [Double] = [600, 800, 1_000, 1_200]

  /// A server that says something else each time, with these fields.
  private final class Web {
    let fields: [(String, String)]
    var status: UInt16 = 200
    private var count = 0

    init(_ fields: [(String, String)] = []) { self.fields = fields }

    func answer(_ request: AgentWorld.Request) -> AgentWorld.Reply? {
      let sound = ScreenedSoundTests.wav(Tone.make([pitches[count % 4]], milliseconds: 2_000))
      count += 1
      return .answered(
        HTTPAnswer(
          status: status, contentType: "audio/wav", location: "",
          cacheFields: fields.map {
            HeaderLine(name: Array($0.0.utf8), value: Array($0.1.utf8))
          }, body: status == 200 ? sound : []))
    }
  }

  private static func world(
    _ web: Web, callers: Int, document: String = document, settings: [(String, String)] = []
  ) -> (AgentWorld, [Phone]) {
    let world = AgentWorld(settings: settings, isJournalled: true)
    world.web = { web.answer($0) }
    world.document(document)
    let phones = (0..<callers).map { world.phone(UInt16(5070 + $0)) }
    for caller in 0..<callers {
      world.speaker(UInt16(4000 + caller * 2))
    }
    return (world, phones)
  }

  private func call(_ phone: Phone, _ speaker: Int, _ world: AgentWorld) {
    phone.call(AgentWorld.sdp(port: 4000 + speaker * 2))
    world.run(.milliseconds(30))
    world.point(speaker, by: phone.answerBody)
  }

  /// Which of the pitches that phone heard.
  private func heard(_ speaker: Int, _ world: AgentWorld, since: Instant) -> [Double] {
    Self.pitches.filter {
      world.speakers[speaker].amplitude(of: $0, from: since, to: world.now) > 300
    }
  }

  private func end(_ world: AgentWorld) throws {
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
    let replay = try Replay.run(world.agent.takeJournal())
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
  }

  @Test(arguments: [
    [("cache-control", "no-store")], [("cache-control", "no-cache")],
    [("cache-control", "private, max-age=0, must-revalidate")], [("cache-control", "max-age=0")],
    [("cache-control", "private, max-age=600")], [("expires", "0")], [("vary", "*")],
    [("set-cookie", "")],
  ])
  func whatIsForOneCallIsNotHeardByTheNextOne(fields: [(String, String)]) throws {
    let (world, phones) = Self.world(Web(fields), callers: 2)
    let start = world.now
    call(phones[0], 0, world)
    world.run(.seconds(3))
    call(phones[1], 1, world)
    world.run(.seconds(3))
    #expect(world.requests.count == 2)
    #expect(heard(0, world, since: start) == [600] && heard(1, world, since: start) == [800])
    try end(world)
  }

  @Test func whatIsForOneCallIsNotHeardByAnotherThatWaitsAtTheSameTime() throws {
    let (world, phones) = Self.world(Web([("cache-control", "no-store")]), callers: 3)
    world.webDelay = .milliseconds(500)
    let start = world.now
    for caller in 0..<3 { call(phones[caller], caller, world) }
    #expect(world.requests.count == 1)
    world.run(.seconds(4))
    #expect(world.requests.count == 3)
    #expect((0..<3).map { heard($0, world, since: start) } == [[600], [800], [1_000]])
    try end(world)
  }

  @Test(arguments: [[], [("cache-control", "max-age=60")], [("etag", "\"a\"")]])
  func whatMayBeKeptIsAskedForOnce(fields: [(String, String)]) throws {
    let (world, phones) = Self.world(Web(fields), callers: 3)
    let start = world.now
    call(phones[0], 0, world)
    call(phones[1], 1, world)
    world.run(.seconds(3))
    call(phones[2], 2, world)
    world.run(.seconds(3))
    #expect(world.requests.count == 1)
    #expect((0..<3).map { heard($0, world, since: start) } == [[600], [600], [600]])
    try end(world)
  }

  @Test func whatIsStaleIsAskedAboutAndNotSentAgain() throws {
    let web = Web([("cache-control", "max-age=2"), ("etag", "\"one\"")])
    let (world, phones) = Self.world(web, callers: 2)
    let start = world.now
    call(phones[0], 0, world)
    world.run(.seconds(3))
    web.status = 304
    call(phones[1], 1, world)
    world.run(.seconds(3))
    #expect(world.requests.count == 2)
    let asked = (world.requests.last?.exchange.headers ?? []).filter {
      $0.name == Array("If-None-Match".utf8)
    }
    #expect(asked.map { String(decoding: $0.value, as: UTF8.self) } == ["\"one\""])
    #expect(heard(0, world, since: start) == [600] && heard(1, world, since: start) == [600])
    try end(world)
  }

  @Test func aCallHearsTwiceWhatWasForItAlone() throws {
    let (world, phones) = Self.world(
      Web([("cache-control", "private")]), callers: 1,
      document: "<Response><Play>http://w/a</Play><Play>http://w/a</Play></Response>")
    call(phones[0], 0, world)
    world.run(.seconds(6))
    #expect(world.requests.count == 1)
    try end(world)
  }

  @Test(arguments: [("audio/wav", 2), ("audio/wav; max-age=60", 1)])
  func whatTheHostAnswersIsForTheCallItWasAskedAbout(contentType: String, times: Int) throws {
    let (world, phones) = Self.world(
      Web(), callers: 2, document: "<Response><Play>host:/balance</Play></Response>")
    let start = world.now
    for caller in 0..<2 {
      call(phones[caller], caller, world)
      if world.hostRequests.count > caller {
        let sound = ScreenedSoundTests.wav(
          Tone.make([Self.pitches[caller]], milliseconds: 1_000))
        world.command(
          .answer(
            world.hostRequests[caller].id,
            .request(status: 200, contentType: contentType, body: sound)))
      }
      world.run(.seconds(2))
    }
    #expect(world.hostRequests.count == times)
    #expect(heard(0, world, since: start) == [600])
    #expect(heard(1, world, since: start) == [times == 2 ? 800 : 600])
    try end(world)
  }

  @Test func aRedirectThatMayNotBeKeptIsAskedAgainAndItsSoundAskedAbout() throws {
    let (world, phones) = Self.world(Web(), callers: 2)
    let sound = ScreenedSoundTests.wav(Tone.make([600], milliseconds: 1_000))
    world.web = { request in
      let isAsked = request.exchange.headers.contains { $0.name == Array("If-None-Match".utf8) }
      if request.exchange.url == "http://w/balance" {
        #expect(!isAsked)
        return .answered(HTTPAnswer(status: 302, contentType: "", location: "/a.wav", body: []))
      }
      let tag = HeaderLine(name: Array("etag".utf8), value: Array("\"a\"".utf8))
      return .answered(
        HTTPAnswer(
          status: isAsked ? 304 : 200, contentType: "audio/wav", location: "", cacheFields: [tag],
          body: isAsked ? [] : sound))
    }
    let start = world.now
    for caller in 0..<2 {
      call(phones[caller], caller, world)
      world.run(.seconds(2))
    }
    #expect(world.requests.count == 4)
    #expect(heard(0, world, since: start) == [600] && heard(1, world, since: start) == [600])
    try end(world)
  }
}
