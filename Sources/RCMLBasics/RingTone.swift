/// What a caller hears while phones ring, by country (ITU-T E.180 supplement 2).
public struct RingTone: Hashable, Sendable {
  public var frequencies: [Double]
  /// Milliseconds of tone, of silence, of tone, …
  public var cadence: [Int]

  /// `country`: two letters, any case. nil = no tone of that country is known.
  public static func of(_ country: String) -> RingTone? {
    let wanted = country.lowercased()
    for (countries, tone) in table where countries.contains(wanted) { return tone }
    return nil
  }

  private init(_ frequencies: [Double], _ cadence: [Int]) {
    self.frequencies = frequencies
    self.cadence = cadence
  }

  public static let unitedStates = RingTone([440, 480], [2_000, 4_000])

  private static let table: [(countries: [String], tone: RingTone)] = [
    (["us", "ca"], unitedStates),
    (["gb", "uk", "ie", "nz"], RingTone([400, 450], [400, 200, 400, 2_000])),
    (["au"], RingTone([413, 438], [400, 200, 400, 2_000])),
    (["hk"], RingTone([440, 480], [400, 200, 400, 3_000])),
    (["kr", "tw"], RingTone([440, 480], [1_000, 2_000])),
    (["jp"], RingTone([384, 416], [1_000, 2_000])),
    (["in", "za", "my", "sg"], RingTone([400, 425], [400, 200, 400, 2_000])),
    (["fr"], RingTone([440], [1_500, 3_500])),
    (["es"], RingTone([425], [1_500, 3_000])),
    (["be"], RingTone([425], [1_000, 3_000])),
    (["at"], RingTone([420], [1_000, 5_000])),
    (["se", "pt"], RingTone([425], [1_000, 5_000])),
    (["hu"], RingTone([425], [1_250, 3_750])),
    (["ru", "ua"], RingTone([425], [800, 3_200])),
    (["cn", "tr"], RingTone([450], [1_000, 4_000])),
    (["il", "cl"], RingTone([400], [1_000, 3_000])),
    (
      [
        "de", "it", "nl", "ch", "no", "dk", "fi", "pl", "cz", "sk", "si", "hr", "ro", "bg", "gr",
        "lt", "lv", "ee", "br", "mx", "ar", "co", "pe",
      ], RingTone([425], [1_000, 4_000])
    ),
  ]
}
