import Foundation
import RCMLBasics
import Testing

@testable import RCMLSIP

/// Failures P1, P6: octets nobody should send. Nothing may trap, and what is accepted must be answerable and
/// readable in all its parts. RCML_EXHAUSTIVE=1 runs every value at every place; otherwise each place gets three of
/// the sixteen values that matter most to the grammar, others than its neighbours.
struct MutationTests {
  static let isExhaustive = ProcessInfo.processInfo.environment["RCML_EXHAUSTIVE"] == "1"

  static let values: [UInt8] =
    isExhaustive
    ? Array(0...255)
    : [0, 9, 10, 13, 32, 34, 37, 44, 48, 58, 59, 60, 62, 64, 91, 255]

  @Test(arguments: TortureIndex.rows)
  func noSingleOctetEndsTheProgram(row: TortureIndex.Row) {
    var bytes = row.bytes
    for position in bytes.indices {
      let original = bytes[position]
      for (index, value) in MutationTests.values.enumerated() where value != original {
        guard MutationTests.isExhaustive || (index + position * 3) % 16 < 3 else { continue }
        bytes[position] = value
        MutationTests.useAll(bytes)
      }
      bytes[position] = original
    }
  }

  @Test(arguments: TortureIndex.rows)
  func noTruncationRepetitionOrOmissionEndsTheProgram(row: TortureIndex.Row) {
    for position in row.bytes.indices {
      guard MutationTests.isExhaustive || position % 3 == 0 else { continue }
      MutationTests.useAll(Array(row.bytes[..<position]))
      var shorter = row.bytes
      shorter.remove(at: position)
      MutationTests.useAll(shorter)
      var longer = row.bytes
      longer.insert(row.bytes[position], at: position)
      MutationTests.useAll(longer)
    }
  }

  /// Failures P6: all 256 octets at 40 places of a message. What is accepted has no line it did not have, and hands
  /// nothing below 0x20 on but what it was asked for raw.
  @Test func noOctetMakesALineOrReachesADisplayName() throws {
    let base = request(
      "INVITE sip:bob@example.com SIP/2.0",
      fields: ["Contact: \"Al\" <sip:alice@192.0.2.1>", "X-Note: hello", "Subject: words"])
    let lineCount = try #require(accepted(base)).fields.count
    let step = base.count / 40
    for place in 0..<40 {
      for value in 0...255 as ClosedRange<UInt8> {
        var bytes = base
        bytes[place * step] = value
        guard let message = accepted(bytes) else { continue }
        #expect(message.fields.count <= lineCount)
        for name in [FieldName.from, .to, .contact] {
          let display = message.nameAddress(of: name)?.displayName ?? []
          #expect(display.allSatisfy { $0.isHeaderOctet })
        }
        for line in message.headerLines(named: ["x-*"]) {
          #expect(line.value.allSatisfy { $0.isHeaderOctet })
        }
      }
    }
  }

  /// Asks for everything a message can be asked for.
  static func useAll(_ bytes: [UInt8]) {
    let source = SocketAddress(ipv4: 0xc000_0201, port: 5060)
    switch read(bytes) {
    case .keepAlive: break
    case .malformed(let malformed):
      if let writer = ResponseWriter(refusing: malformed, source: source, toTag: [65]) {
        check(writer.finish(), malformed.message)
      }
    case .message(let message):
      _ = message.methodName.count + message.phrase.count + message.callID.count
      _ = message.viaCount
      _ = message.recordRoutes
      _ = message.values(of: .contact).compactMap { NameAddress.read($0) }
      _ = SIPURI.read(message.requestURI)
      _ = message.contactURI.flatMap { SIPURI.read($0[...]) }
      _ = message.headerLines(named: ["x-*", "user-to-user"])
      _ = SessionDescription.check(message.body)
      guard message.isRequest else { return }
      let writer = ResponseWriter(
        to: message, code: 200, source: source, toTag: [65], copyingRecordRoute: true)
      check(writer.finish(), message)
    }
  }

  /// What we send to somebody can be read by somebody, and has no more lines than it should.
  private static func check(_ response: [UInt8], _ request: Message?) {
    guard let request, request.parts.fault == nil else { return }
    guard let message = accepted(response) else {
      Issue.record("our own answer cannot be read: \(response.text)")
      return
    }
    #expect(message.cseq == request.cseq && message.callID.elementsEqual(request.callID))
  }
}
