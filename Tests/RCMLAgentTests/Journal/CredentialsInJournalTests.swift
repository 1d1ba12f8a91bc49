import Foundation
import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// A-8, failures A2: neither the password nor what is computed from it is in anything the agent says or writes, and
/// a journal without them still proves the run.
struct CredentialsInJournalTests {
  static let password = "xyzzy-canary-plugh"
  static let name = "canary-user-name"

  /// Octets that must be nowhere: the secrets, and every `response="…"` that went over the wire.
  func secrets(_ phones: [Phone]) -> [[UInt8]] {
    var found = [Array(Self.password.utf8), Array(Self.name.utf8)]
    for message in phones.flatMap(\.messages) {
      let text = String(decoding: message, as: UTF8.self)
      guard let start = text.range(of: "response=\"") else { continue }
      found.append(Array(text[start.upperBound...].prefix { $0 != "\"" }.utf8))
    }
    return found
  }

  func expectClean(_ world: AgentWorld, _ journal: [UInt8], secrets: [[UInt8]]) throws {
    let ladder = try Ladder.draw(journal)
    let events = world.events.map { JournalWords.event($0) }.joined(separator: "\n")
    let reflected = world.events.map { "\($0)" }.joined(separator: "\n")
    let logged = world.events.flatMap { event -> [UInt8] in
      if case .message(_, _, _, let text) = event { return text + [10] }
      return []
    }
    for secret in secrets {
      #expect(!contains(journal, secret), "in the journal")
      #expect(!contains(Array(ladder.utf8), secret), "in the ladder")
      #expect(!contains(Array(events.utf8), secret), "in an event")
      #expect(!contains(Array(reflected.utf8), secret), "in a printed event")
      #expect(!contains(logged, secret), "in the transport log")
    }
  }

  func contains(_ haystack: [UInt8], _ needle: [UInt8]) -> Bool {
    guard let first = needle.first, haystack.count >= needle.count else { return false }
    for start in 0...(haystack.count - needle.count) where haystack[start] == first {
      if haystack[start..<(start + needle.count)].elementsEqual(needle) { return true }
    }
    return false
  }

  @Test func whoDialsWithCredentials() throws {
    let world = AgentWorld(settings: [("transport_log", "true")], isJournalled: true)
    world.document(
      #"<Response><Dial><Sip username=" \#(Self.name) " password="\#(Self.password)">sip:bob@127.0.0.1:5081</Sip></Dial></Response>"#
    )
    let callee = world.phone(
      5081, .answers(), settings: [("require_auth", "\(Self.name):\(Self.password)")])
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    #expect(caller.finalCode == 200)
    caller.hangUp()
    world.runToTheEnd()
    let journal = world.agent.takeJournal()
    let secrets = secrets([callee])
    #expect(secrets.count >= 4, "an INVITE and its ACK carried an answer")
    try expectClean(world, journal, secrets: secrets)
    let replay = try Replay.run(journal)
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
  }

  @Test(arguments: [true, false]) func whoAsksTheHostForThem(isRight: Bool) throws {
    let world = AgentWorld(
      settings: [("transport_log", "true"), ("ask_credentials", "true")], isJournalled: true)
    // Escapes: a header made of the placeholder has to be as long as one made of the secret.
    let name = #"\#(Self.name)"\x"#
    world.document("<Response><Dial><Sip>sip:bob@127.0.0.1:5081</Sip></Dial></Response>")
    let callee = world.phone(
      5081, .answers(), settings: [("require_auth", "\(name):\(Self.password)")])
    world.phone(5070).call()
    world.run(.seconds(1))
    if let id = world.questions.first?.id {
      world.command(
        .answer(
          id,
          .credentials(
            username: Private(isRight ? name : Self.name), password: Private(Self.password))))
    }
    world.runToTheEnd()
    let journal = world.agent.takeJournal()
    try expectClean(world, journal, secrets: secrets([callee]))
    let replay = try Replay.run(journal)
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
  }

  @Test func whoIsCalledWithThem() throws {
    let world = AgentWorld(
      settings: [
        ("transport_log", "true"), ("require_auth", "\(Self.name):\(Self.password)"),
      ], isJournalled: true)
    let alice = world.phone(5070)
    alice.call(credentials: Credentials(username: Self.name, password: Self.password))
    world.phone(5071).call(credentials: Credentials(username: Self.name, password: "no"))
    world.phone(5072).call()
    world.run(.seconds(1))
    #expect(world.incoming.count == 1)
    for call in world.incoming { world.command(.onCall(call, .answer)) }
    world.run(.seconds(1))
    alice.hangUp()
    world.runToTheEnd()
    #expect(alice.finalCode == 200)
    let journal = world.agent.takeJournal()
    try expectClean(world, journal, secrets: secrets([]))
    let replay = try Replay.run(journal)
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
  }

  /// What is masked in a document is masked in all that comes out of it: words that are to be said, by a program or by
  /// the host, and verbs and nouns that the host is asked about.
  @Test(arguments: [
    ("speech_program", "flite", "<Say>{}</Say>"), ("ask_speech", "true", "<Say>{}</Say>"),
    ("ask_verbs", "true", "<Connect {}/>"), ("ask_verbs", "true", "<Connect>{}</Connect>"),
    ("ask_verbs", "true", "<Connect><Login {}/></Connect>"),
    ("ask_targets", "true", "<Dial><Client {}>bob</Client></Dial>"),
  ])
  func whatComesOutOfADocument(setting: String, value: String, verb: String) throws {
    let world = AgentWorld(settings: [(setting, value)], isJournalled: true)
    let credentials = #"username="\#(Self.name)" password="\#(Self.password)""#
    world.document("<Response>" + verb.replacing("{}", with: credentials) + "</Response>")
    world.phone(5070).call()
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.ends.count == 1)
    let journal = world.agent.takeJournal()
    for secret in secrets([]) {
      #expect(!contains(journal, secret), "in the journal")
      #expect(!contains(Array(try Ladder.draw(journal).utf8), secret), "in the ladder")
    }
    let replay = try Replay.run(journal)
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
  }
}
