import RCMLAgent
import RCMLBasics
import RCMLReactor
import Testing

/// SRV and NAPTR off the wire (T-2). The reactor under test listens on a loopback port and is its own name server.
@Suite struct NameServerTests {
  /// The octets of a name.
  private static func labels(_ name: String) -> [UInt8] {
    name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }

  private static func word(_ value: Int) -> [UInt8] {
    [UInt8(value >> 8 & 255), UInt8(value & 255)]
  }

  private static func service(
    _ target: String, _ priority: Int, _ weight: Int, _ port: Int
  ) -> (Int, [UInt8]) {
    (33, word(priority) + word(weight) + word(port) + labels(target))
  }

  private static func pointer(
    _ order: Int, _ flags: String, _ service: String, _ expression: String, _ name: String
  ) -> (Int, [UInt8]) {
    let texts = [flags, service, expression].flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    return (35, word(order) + word(50) + texts + labels(name))
  }

  /// Question and records, with the question's own identifier.
  private static func reply(_ query: [UInt8], _ records: [(Int, [UInt8])], code: UInt8 = 0)
    -> [UInt8]
  {
    guard query.count > 12 else { return [] }
    var end = 12
    while end < query.count, query[end] != 0 { end += Int(query[end]) + 1 }
    let question = query[12..<min(query.count, end + 5)]
    var octets = Array(query[0..<2]) + [0x81, 0x80 | code] + word(1) + word(records.count)
    octets += word(0) + word(0) + question
    for (type, data) in records {
      octets += [0xC0, 12] + word(type) + word(1) + [0, 0, 0, 60] + word(data.count) + data
    }
    return octets
  }

  /// What the core hears when it asks and the server answers so.
  private func ask(
    _ output: Output, _ answer: @escaping ([UInt8]) -> [UInt8]
  ) throws -> FakeCore.Heard? {
    let rig = try Rig()
    let bound = try rig.reactor.listen("udp:127.0.0.1:0")
    rig.core.react = { heard, core in
      guard case .datagram(let listener, let from, _, let query) = heard else { return }
      core.outputs.append(.network(.send(listener, to: from, bytes: answer(query))))
    }
    try rig.say(.names(.useServers(Array("127.0.0.1:\(bound.address.port)".utf8))), output)
    return try rig.hear { heard in
      switch heard {
      case .services, .pointers, .resolved, .unresolved: heard
      default: nil
      }
    }
  }

  private let services = Output.names(
    .services(ResolutionID(9), name: Array("_sip._udp.a.example".utf8)))
  private let pointers = Output.names(.pointers(ResolutionID(9), name: Array("a.example".utf8)))

  @Test func servicesComeWithAllTheirFields() throws {
    let heard = try ask(services) { query in
      Self.reply(
        query,
        [Self.service("one.a.example", 10, 60, 5061), Self.service("two.a.example", 20, 0, 65_535)])
    }
    guard case .services(let id, let records) = heard else {
      Issue.record("\(String(describing: heard))")
      return
    }
    #expect(id == ResolutionID(9))
    #expect(
      records == [
        ServiceRecord(priority: 10, weight: 60, port: 5061, target: Array("one.a.example".utf8)),
        ServiceRecord(priority: 20, weight: 0, port: 65_535, target: Array("two.a.example".utf8)),
      ])
  }

  /// RFC 2782: "." is told as it is, an empty name.
  @Test func aDeniedServiceIsTold() throws {
    let heard = try ask(services) { Self.reply($0, [Self.service("", 0, 0, 0)]) }
    guard case .services(_, let records) = heard else {
      Issue.record("\(String(describing: heard))")
      return
    }
    #expect(records == [ServiceRecord(priority: 0, weight: 0, port: 0, target: [])])
  }

  /// RFC 3263 §4.1: no regular expressions.
  @Test func pointersComeWithoutThoseThatHaveAnExpression() throws {
    let heard = try ask(pointers) { query in
      Self.reply(
        query,
        [
          Self.pointer(1, "u", "E2U+sip", "!^.*$!sip:x@y!", ""),
          Self.pointer(10, "s", "SIP+D2T", "", "_sip._tcp.a.example"),
        ])
    }
    guard case .pointers(_, let records) = heard else {
      Issue.record("\(String(describing: heard))")
      return
    }
    #expect(
      records == [
        PointerRecord(
          order: 10, preference: 50, flags: Array("s".utf8), service: Array("SIP+D2T".utf8),
          replacement: Array("_sip._tcp.a.example".utf8))
      ])
  }

  /// Failures, DNS: 100 records.
  @Test func noMoreThanSixteenRecordsAreTaken() throws {
    let heard = try ask(services) { query in
      Self.reply(query, (0..<20).map { Self.service("t", $0, 0, 5060) })
    }
    guard case .services(_, let records) = heard else {
      Issue.record("\(String(describing: heard))")
      return
    }
    #expect(records.count == 16)
  }

  @Test func rubbishAndRefusalsAreNoAnswer() throws {
    let answers: [([UInt8]) -> [UInt8]] = [
      { Self.reply($0, [], code: 3) },  // no such name
      { Self.reply($0, []) },  // nothing of this kind
      { Self.reply($0, [(33, [0, 1])]) },  // cut short
      { Self.reply($0, [(33, [0, 1, 0, 1, 0, 1, 0xC0, 0xFF])]) },  // points outside of the message
      { Self.reply($0, [(16, [1, 65])]) },  // of another kind
    ]
    for (index, answer) in answers.enumerated() {
      for output in [services, pointers] {
        guard case .unresolved(ResolutionID(9)) = try ask(output, answer) else {
          Issue.record("answer \(index)")
          continue
        }
      }
    }
  }
}
