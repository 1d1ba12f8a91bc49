import COsip

/// The door to libosip2. Whoever calls it passes here first.
enum Osip {
  /// Made once per process: a silent trace, then the tables of the parser (failures §2.0, H8).
  private static let isReady: Bool = {
    rcml_osip_start()
    return true
  }()

  static func ready() { _ = isReady }
}
