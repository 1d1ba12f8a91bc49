import RCMLBasics

/// One answer on the way from a URL to what it leads to, as far as it says who may be given it again (spec V-20).
struct WebHop: Equatable {
  /// As it went out.
  let url: String
  let status: UInt16
  let cacheFields: [HeaderLine]
  let asked: Instant
  let came: Instant
}
