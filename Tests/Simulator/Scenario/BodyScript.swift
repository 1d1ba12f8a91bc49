/// How a phone packs what it describes (spec U-58), and what else its messages say that few do: how long it waits, what it
/// takes for an answer, why it hangs up (U-61, U-57, U-63).
struct BodyScript: Sendable {
  enum Packing: Sendable {
    case plain
    /// The first of two parts, as trunks send it.
    case first
    /// Behind a part that need not be understood, with a quoted boundary, preamble and epilogue.
    case second
    /// In a multipart inside of another.
    case nested
    /// Lines end with LF, headers are folded.
    case loose
    /// No last delimiter.
    case open
  }

  var packing = Packing.plain
  /// What describes nothing holds a body that need not be understood.
  var fillsEmpty = false
  /// Seconds, in the first INVITE of a caller.
  var expires: Int?
  /// Empty = it says nothing.
  var accept = ""
  /// In its BYE; empty = none.
  var reason = ""
}

/// Draws them, by dice of their own.
struct BodyWriter {
  private var dice: Dice

  init(seed: UInt64) { dice = Dice(seed).split(910) }

  /// nil = a phone like all others.
  mutating func draw(isCaller: Bool) -> BodyScript? {
    guard dice.chance(60) else { return nil }
    var script = BodyScript()
    if dice.chance(60) {
      script.packing = dice.one(of: [.first, .first, .second, .nested, .loose, .open])
    }
    script.fillsEmpty = dice.chance(25)
    if isCaller, dice.chance(35) {
      let some = dice.within(1...20)
      script.expires = dice.one(of: [0, 1, 2, 3, some, some, 180, 100_000])
    }
    if isCaller, dice.chance(15) {
      script.accept = dice.one(of: ["application/sdp, text/plain", "*/*;q=0.1", "text/plain"])
    }
    if dice.chance(80) {
      script.reason = dice.one(of: [
        "Q.850;cause=16", #"Q.850;cause=31;text="Normal, unspecified""#, "SIP;cause=480",
      ])
    }
    return script
  }
}
