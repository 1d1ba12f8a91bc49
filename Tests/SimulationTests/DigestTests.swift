import RCMLBasics
import Testing

@testable import Simulator

private func value(_ fill: (inout BoundaryDigest) -> Void) -> UInt64 {
  var digest = BoundaryDigest()
  fill(&digest)
  return digest.value
}

@Test func aDigestKnowsEveryOctetEveryInstantAndEveryWay() {
  let at = Instant(nanoseconds: 5)
  let values = [
    value { _ in },
    value { $0.note(.network, "datagram", at: at, [.octets([1, 2])]) },
    value { $0.note(.network, "datagram", at: at, [.octets([1, 3])]) },
    value { $0.note(.network, "datagram", at: at, [.octets([1]), .octets([2])]) },
    value { $0.note(.network, "stream", at: at, [.octets([1, 2])]) },
    value { $0.note(.web, "datagram", at: at, [.octets([1, 2])]) },
    value { $0.note(.network, "datagram", at: Instant(nanoseconds: 6), [.octets([1, 2])]) },
    value { $0.note(.host, "a", at: at, [.number(1)]) },
    value { $0.note(.host, "a", at: at, [.number(nil)]) },
    value { $0.note(.host, "a", at: at, [.address(SocketAddress(ipv4: 1, port: 1))]) },
    value { $0.note(.host, "a", at: at, [.address(SocketAddress(ipv4: 1, port: 2))]) },
  ]
  #expect(Set(values).count == values.count)
}

@Test func theOrderWithinAWayCountsAndBetweenWaysItDoesNot() {
  let at = Instant(nanoseconds: 5)
  func two(_ first: BoundaryDigest.Way, _ a: String, _ second: BoundaryDigest.Way, _ b: String)
    -> UInt64
  {
    value {
      $0.note(first, a, at: at, [])
      $0.note(second, b, at: at, [])
    }
  }
  #expect(two(.network, "a", .network, "b") != two(.network, "b", .network, "a"))
  #expect(two(.network, "a", .host, "b") == two(.host, "b", .network, "a"))
}

@Test func aWorldHasTheSameDigestEachTimeAndAnotherThanItsNeighbour() {
  let first = World(seed: 11).run().digest
  #expect(first.value == World(seed: 11, journals: true).run().digest.value)
  #expect(first.value != World(seed: 12).run().digest.value)
  #expect(first.lines.isEmpty)
  let lines = Simulation.trace(of: 11)
  #expect(lines.contains { $0.contains("INVITE sip:") })
  #expect(lines.contains { $0.contains(" host ") })
}

/// 250 made-up digests from seed 1 on.
private let digests = (0..<250).map { UInt64($0) &* 0x9e37_79b9_7f4a_7c15 }

private func table() throws -> DigestTable {
  var table = DigestTable()
  table.add(digests, from: 1)
  return try #require(DigestTable("# a word\n" + table.text))
}

@Test func aTableIsSmallAndSaysWhatItWasTold() throws {
  var table = DigestTable()
  table.add(digests, from: 1)
  #expect(table.text.split(separator: "\n").count == 3)
  #expect(table.text.utf8.count < 250 * 5)
  #expect(try #require(DigestTable(table.text)).text == table.text)
  #expect(DigestTable("1 2 00 0000") == nil)
  #expect(DigestTable("1 1 zz 0000") == nil)
  #expect(DigestTable("word") == nil)
}

@Test(arguments: [(0, 250), (0, 1), (57, 100), (99, 2), (249, 1), (100, 100)])
func aRunOfSeedsThatIsAsBeforeIsTheSame(first: Int, count: Int) throws {
  let ran = Array(digests[first..<first + count])
  #expect(try table().compare(ran, from: UInt64(first + 1)).isSame)
}

@Test(arguments: [0, 99, 100, 249]) func theSeedThatChangedIsNamed(place: Int) throws {
  var ran = digests
  ran[place] ^= 1 << 63
  #expect(try table().compare(ran, from: 1).changed == [UInt64(place + 1)])
  let alone = try table().compare([ran[place]], from: UInt64(place + 1))
  #expect(alone.changed == [UInt64(place + 1)])
}

@Test func aChangeThatTheShortDigestDoesNotSeeIsSeenByTheLine() throws {
  var ran = digests
  ran[120] ^= 1
  let result = try table().compare(ran, from: 1)
  #expect(result.changed.isEmpty)
  #expect(result.unnamed == [101])
  #expect(!result.isSame)
}

@Test func seedsThatNobodyWroteDownAreCounted() throws {
  let result = try table().compare(digests + [1, 2], from: 1)
  #expect(result.unknown == 2)
  #expect(!result.isSame)
}
