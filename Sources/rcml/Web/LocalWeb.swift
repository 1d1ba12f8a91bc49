import CRCML
import Glibc

/// What an agent's session serves by HTTP: counters (`--metrics`) and the page of its calls (`--page`). Without either it
/// costs nothing.
final class LocalWeb {
  private let metrics: LocalServer?
  private let page: LocalServer?
  private var route: PageRoute?

  init(_ options: Options) throws(Problem) {
    metrics = try options.one("metrics").map { place throws(Problem) in
      try LocalServer(place, option: "metrics", limit: 32, patience: 5_000)
    }
    page = try options.one("page").map { place throws(Problem) in
      // A port alone is one of this machine's own.
      let place = UInt16(place) == nil ? place : "127.0.0.1:" + place
      return try LocalServer(place, option: "page", limit: 8, patience: 20_000)
    }
  }

  /// Before anything else is done with the agent.
  func begin(_ agent: OpaquePointer) throws(Problem) {
    guard let page else { return }
    route = PageRoute(agent: agent, host: page.host)
    try route?.begin()
    guard !page.isLoopback else { return }
    Words.error(
      "warning: the page at \(page.url) has no password, and shows everybody who reaches it who calls whom."
    )
  }

  var metricsURL: String? { metrics.map { $0.url + "/metrics" } }
  var pageURL: String? { page.map { $0.url + "/" } }

  // MARK: in the loop

  var watched: [pollfd] { (metrics?.watched ?? []) + (page?.watched ?? []) }

  /// No more than this may be slept; nil = for ever.
  func left(at now: Int64) -> Int64? {
    [metrics?.left(at: now), page?.left(at: now)].compactMap { $0 }.min()
  }

  /// As far as it goes without waiting.
  func work(at now: Int64, _ agent: OpaquePointer) {
    metrics?.work(at: now) { MetricsRoute.answer($0, agent) }
    if let route { page?.work(at: now) { route.answer($0) } }
  }
}
