import RCMLBasics
import RCMLMedia
import Simulator
import Testing

@testable import RCMLAgent

/// Which requests may go to loopback, private, link-local and metadata addresses (spec Y-5): those that a document from a public
/// address wants may not.
struct BlockedAddressTests {
  /// Every kind of URL a document can name.
  private static let document = """
    <Response><Gather action="http://w/gather" actionOnEmptyResult="true" timeout="1">\
    <Play>http://w/a.wav</Play></Gather></Response>
    """
  private static let dial = """
    <Response><Dial action="http://w/action" dialMusic="http://w/music.wav" \
    record="record-from-ringing" recordingStatusCallback="http://w/recording">\
    <Sip url="http://w/screen" statusCallback="http://w/status">sip:b@127.0.0.1:5081</Sip></Dial>\
    <Redirect>http://w/next</Redirect></Response>
    """

  /// A page is `public:TEXT`, or `TEXT`.
  private static func world(
    _ document: String, _ pages: [String: String], settings: [(String, String)] = []
  ) -> (AgentWorld, Phone) {
    let world = AgentWorld(
      settings: [("recordings", "/r"), ("answer_mode", "immediate")] + settings,
      isJournalled: true)
    world.web = { request in
      let url = request.exchange.url
      let page = pages[String(url.dropFirst("http://".count))] ?? "<Response/>"
      let isPublic = page.hasPrefix("public:")
      let text = isPublic ? String(page.dropFirst("public:".count)) : page
      let isMove = text.hasPrefix("http")
      let sound = ScreenedSoundTests.wav(Tone.make([800], milliseconds: 200))
      let isSound = url.hasSuffix(".wav")
      return .answered(
        HTTPAnswer(
          status: isMove ? 302 : 200, contentType: isSound ? "audio/wav" : "text/xml",
          location: isMove ? text : "", body: isMove ? [] : isSound ? sound : Array(text.utf8),
          isPublic: isPublic))
    }
    world.document(document)
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    world.speaker(4000)
    world.speaker(6000)
    caller.call()
    return (world, caller)
  }

  /// Which paths were asked, and whether inner addresses were forbidden to them.
  private func asked(_ world: AgentWorld, _ caller: Phone) throws -> [String: Bool] {
    world.run(.seconds(8))
    caller.hangUp()
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
    let replay = try Replay.run(world.agent.takeJournal())
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
    var found: [String: Bool] = [:]
    for request in world.requests {
      let path = String(request.exchange.url.dropFirst("http://".count))
      #expect(
        found[path] == nil || found[path] == request.exchange.blocksPrivateAddresses, "\(path)")
      found[path] = request.exchange.blocksPrivateAddresses
    }
    return found
  }

  @Test func whatTheHostsDocumentWantsMayBeInside() throws {
    for document in [Self.document, Self.dial] {
      let (world, caller) = Self.world(document, [:])
      let asked = try asked(world, caller)
      #expect(asked.count >= 2)
      #expect(asked.values.allSatisfy { !$0 }, "\(asked)")
    }
  }

  @Test(arguments: [
    (document, ["w/gather", "w/a.wav"]),
    (dial, ["w/action", "w/music.wav", "w/screen", "w/status", "w/recording"]),
  ])
  func whatADocumentFromOutsideWantsMayNot(document: String, paths: [String]) throws {
    let first = "<Response><Redirect>http://w/first</Redirect></Response>"
    let (world, caller) = Self.world(first, ["w/first": "public:" + document])
    let found = try asked(world, caller)
    #expect(found["w/first"] == false)
    for path in paths { #expect(found[path] == true, "\(path) \(found)") }
    // Fetched from inside it is inside.
    let (other, second) = Self.world(first, ["w/first": document])
    let inside = try asked(other, second)
    for path in paths { #expect(inside[path] == false, "\(path) \(inside)") }
  }

  @Test func aScreeningFromOutsideBindsItselfAndNotTheDialItStandsIn() throws {
    let screening = """
      public:<Response><Play>http://w/b.wav</Play><Redirect>http://w/more</Redirect></Response>
      """
    let (world, caller) = Self.world(Self.dial, ["w/screen": screening])
    let found = try asked(world, caller)
    #expect(found["w/b.wav"] == true && found["w/more"] == true)
    for path in ["w/screen", "w/status", "w/recording"] { #expect(found[path] == false, "\(path)") }
  }

  @Test func whoeverIsRedirectedFromOutsideMayNotGoInside() throws {
    let first = "<Response><Redirect>http://w/first</Redirect></Response>"
    let (world, caller) = Self.world(
      first, ["w/first": "http://w/second", "w/second": "public:http://w/third"])
    let found = try asked(world, caller)
    #expect(found == ["w/first": false, "w/second": false, "w/third": true])
  }

  @Test(arguments: [("true", true), ("false", false), ("auto", false)])
  func theSettingHoldsAsBefore(value: String, isBlocked: Bool) throws {
    let (world, caller) = Self.world(
      Self.document, [:], settings: [("http_block_private", value)])
    #expect(try asked(world, caller).values.allSatisfy { $0 == isBlocked })
  }

  @Test func whatWasFetchedForTheHostIsNotHeardByADocumentFromOutside() throws {
    let first = """
      <Response><Play>http://w/a.wav</Play><Redirect>http://w/first</Redirect></Response>
      """
    let (world, caller) = Self.world(first, ["w/first": "public:" + Self.document])
    world.run(.seconds(8))
    let sounds = world.requests.filter { $0.exchange.url == "http://w/a.wav" }
    #expect(sounds.map(\.exchange.blocksPrivateAddresses) == [false, true])
    caller.hangUp()
    world.isSilent = true
    world.runToTheEnd()
  }
}
