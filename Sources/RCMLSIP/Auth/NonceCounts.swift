import RCMLBasics

/// The last count (RFC 7616 §3.4, `nc`) of each of our nonces that was used, by the nonce's number: what has been said once
/// opens nothing again.
///
/// Its room is that of a window over the last numbers, in pages, and not that of the clients: who only asks for nonces
/// takes none of it, and who answers takes none of another's. A page is made when a nonce of it is used for the first
/// time, and goes when none of it can be used any more.
struct NonceCounts: Sendable {
  private struct Page {
    var counts = [UInt32](repeating: 0, count: NonceCounts.pageSize)
    var end: Instant
  }

  private static let pageSize = 1_024
  /// Numbers that are not older may be used: 35,000 nonces a second for as long as one lives. All pages together have 4 MiB.
  static let span: UInt64 = 1 << 20

  private let lifetime: Interval
  private var next: UInt64 = 0
  private var pages: [UInt64: Page] = [:]

  init(lifetime: Interval) { self.lifetime = lifetime }

  /// Pages there are.
  var pageCount: Int { pages.count }

  mutating func nextNumber(at now: Instant) -> UInt64 {
    // Once a page: what is too old goes.
    if next % UInt64(NonceCounts.pageSize) == 0, !pages.isEmpty {
      let first =
        next < NonceCounts.span ? 0 : (next - NonceCounts.span) / UInt64(NonceCounts.pageSize)
      pages = pages.filter { now < $0.value.end && $0.key >= first }
    }
    next &+= 1
    return next &- 1
  }

  /// False: this count of the nonce was used before, or the nonce is too old to tell.
  mutating func use(_ number: UInt64, _ count: UInt32, at now: Instant) -> Bool {
    guard number < next, next - number <= NonceCounts.span else { return false }
    let place = Int(number % UInt64(NonceCounts.pageSize))
    let key = number / UInt64(NonceCounts.pageSize)
    let end = now + lifetime
    guard count > pages[key]?.counts[place] ?? 0 else { return false }
    pages[key, default: Page(end: end)].counts[place] = count
    pages[key]?.end = end
    return true
  }
}
