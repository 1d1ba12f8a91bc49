import Foundation
import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent

/// `CachePolicy.table.md`, row by row [V-20].
struct CachePolicyTableTests {
  private static let asked = Instant(nanoseconds: 5_000_000_000)
  private static let came = Instant(nanoseconds: 6_000_000_000)
  /// Mon, 30 Nov 2026 12:00:00 GMT.
  private static let seconds: Int64 = 1_796_040_000
  private static let wall = WallClock(unixMicroseconds: seconds * 1_000_000, at: came)
  private static let request = RequestHeaders(
    standing: [HeaderLine("User-Agent", Array("x".utf8)), HeaderLine("Accept", Array("y".utf8))],
    single: [Array("Idempotency-Key".utf8)])

  private static func rows(of heading: String) throws -> [[String]] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/RCMLAgent/Sound/CachePolicy.table.md")
    let sections = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n## ")
    guard let section = sections.first(where: { $0.hasPrefix(heading) }) else { return [] }
    return section.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  private static func date(_ offset: Int64) -> String {
    let text = WallTime(unixMicroseconds: (seconds + offset) * 1_000_000).text
    return text.replacingOccurrences(of: "+0000", with: "GMT")
  }

  private static func fields(_ text: String) -> [HeaderLine] {
    text.components(separatedBy: " / ").filter { !$0.isEmpty }.map { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      var value = parts[1].trimmingCharacters(in: .whitespaces)
      if value.hasPrefix("{"), let offset = Int64(value.dropFirst().dropLast()) {
        value = date(offset)
      }
      return HeaderLine(name: Array(parts[0].lowercased().utf8), value: Array(value.utf8))
    }
  }

  /// `200 Cache-Control: max-age=60 / …`
  private static func hop(_ text: String, _ url: String = "http://w/a") -> WebHop {
    let status = text.prefix { $0 != " " }
    return WebHop(
      url: url, status: UInt16(status) ?? 0,
      cacheFields: fields(text.dropFirst(status.count).trimmingCharacters(in: .whitespaces)),
      asked: asked, came: came)
  }

  private static func policy(_ path: [WebHop]) -> CachePolicy {
    CachePolicy(path: path, of: request, wall: wall, at: came)
  }

  private static func word(_ reach: CachePolicy.Reach) -> String {
    switch reach {
    case .once: "once"
    case .call: "call"
    case .everybody: "everybody"
    }
  }

  private static func word(_ term: CachePolicy.Term) -> String {
    switch term {
    case .never: "never"
    case .unsaid: "unsaid"
    case .until(let end): "\((end - came).wholeSeconds)"
    }
  }

  private static func word(_ condition: WebCondition?) -> String {
    (condition?.headers ?? []).map { $0.name == Array("If-None-Match".utf8) ? "tag" : "date" }
      .joined(separator: " ")
  }

  @Test func eachAnswerMayBePlayedToWhomAndAsLongAsItsRowSays() throws {
    let rows = try Self.rows(of: "One answer")
    #expect(rows.count > 50)
    for row in rows {
      let policy = Self.policy([Self.hop(row[0] + " " + row[1])])
      let found = [Self.word(policy.reach), Self.word(policy.term), Self.word(policy.condition)]
      #expect(found == [row[2], row[3], row[4]], "\(row)")
    }
  }

  @Test func eachStepOfARedirectCounts() throws {
    let rows = try Self.rows(of: "A sound behind")
    #expect(rows.count > 6)
    for row in rows {
      let policy = Self.policy([Self.hop(row[0], "http://w/first"), Self.hop(row[1])])
      let found = [Self.word(policy.reach), Self.word(policy.term), Self.word(policy.condition)]
      #expect(found == [row[2], row[3], row[4]], "\(row)")
      if let condition = policy.condition { #expect(condition.url == "http://w/a") }
    }
  }

  @Test func aCopyThatStillHoldsIsRenewedAsItsRowSays() throws {
    let rows = try Self.rows(of: "A copy that")
    #expect(rows.count > 4)
    for row in rows {
      let policy = Self.policy([
        Self.hop("304 " + row[1]).renewing(Self.hop(row[0]).cacheFields)
      ])
      let found = [Self.word(policy.reach), Self.word(policy.term), Self.word(policy.condition)]
      #expect(found == [row[2], row[3], row[4]], "\(row)")
    }
  }

  @Test func theHostsAnswerIsItsCallsUnlessItSaysMore() throws {
    let rows = try Self.rows(of: "What the host")
    #expect(rows.count > 3)
    for row in rows {
      let policy = CachePolicy.host(contentType: row[0], at: Self.came)
      #expect([Self.word(policy.reach), Self.word(policy.term)] == [row[1], row[2]], "\(row)")
    }
  }

  @Test func anAnswerThatVariesIsForRequestsThatAreAlike() {
    let policy = Self.policy([Self.hop("200 Vary: user-agent")])
    #expect(policy.matches(Self.request))
    let other = RequestHeaders(standing: [HeaderLine("User-Agent", Array("z".utf8))])
    #expect(!policy.matches(other))
  }

  @Test func theSettingIsTheLongestTime() {
    let day = Self.policy([Self.hop("200 Cache-Control: max-age=86400")])
    #expect(day.isFresh(longest: .seconds(300), at: Self.came + .seconds(299)))
    #expect(!day.isFresh(longest: .seconds(300), at: Self.came + .seconds(300)))
    #expect(!day.isFresh(longest: .zero, at: Self.came))
  }

  // RFC 9110 §5.6.7
  @Test(
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
      ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
      ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Mon, 30 Nov 2026 12:00:00 GMT", 1_796_040_000),
      ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200),
    ] as [(String, Int64)])
  func aDateIsReadInEachOfItsForms(text: String, seconds: Int64) {
    #expect(HTTPDate.seconds(Array(text.utf8)) == seconds)
  }

  @Test(arguments: [
    "", "0", "-1", "Mon", "Mon, 30 Nov 2026", "Mon, 32 Nov 2026 12:00:00 GMT",
    "Mon, 30 Now 2026 12:00:00 GMT", "Mon, 30 Nov 2026 24:00:00 GMT",
    "Mon, 30 Nov 99999999999999999999 12:00:00 GMT", "Mon, 30 Nov 2026 12:00 GMT",
    "Mon, 30 Nov 2026 1e2:00:00 GMT",
  ])
  func whatIsNoDateIsNone(text: String) {
    #expect(HTTPDate.seconds(Array(text.utf8)) == nil)
  }
}
