import RCMLBasics

/// A trail as octets: 32 digits a server. The first 14 are the number of the call that began it all, two are the depth,
/// and 16 prove that we wrote it: nobody else can make a mark of ours, and nothing is kept to know it again.
struct TrailMarks {
  private let key: (UInt64, UInt64)

  init(_ context: UserAgentContext) { key = context.hashKey }

  func write(_ trail: CallTrail, to header: inout HeaderWriter) {
    header.field("Max-Breadth", number: UInt64(trail.maxBreadth ?? 60))
    guard let root = trail.root else { return }
    // The first mark says which call began it.
    header.append("RCML-Trail: ")
    for other in trail.others {
      header.appendChecked(other[...])
      header.append(", ")
    }
    let number = root | UInt64(trail.depth ?? 0)
    header.append(hex: number)
    header.append(hex: proof(of: number))
    header.append("\r\n")
  }

  func read(_ message: Message) -> CallTrail {
    var trail = CallTrail(maxBreadth: message.maxBreadth)
    guard message.value(of: .trail) != nil else { return trail }
    for value in message.values(of: .trail) {
      // Nobody of our kind wrote what reads otherwise: it goes no further.
      guard value.count == 32,
        let number = value.withUnsafeBytes({ Token.hex($0, from: 0) }),
        let proof = value.withUnsafeBytes({ Token.hex($0, from: 16) })
      else { continue }
      trail.root = trail.root ?? number & ~0xff
      if proof == self.proof(of: number) {
        // A server that copied what it should have replaced: the longest way counts.
        trail.depth = max(trail.depth ?? 0, UInt8(truncatingIfNeeded: number))
      } else if trail.others.count < Limits.trailMarks {
        trail.others.append(Array(value))
      }
    }
    return trail
  }

  private func proof(of number: UInt64) -> UInt64 {
    var hash = KeyedHash(key: key, wide: false)
    hash.combine(number)
    return hash.value()
  }
}
