import RCMLBasics
import RCMLSIP

/// How a party wants its media.
enum PartyDescription: Hashable {
  /// In its own words; empty = it says nothing of it.
  case sdp([UInt8])
  /// It speaks in frames, and is what it is.
  case frames(FrameDescription)

  static let none = PartyDescription.sdp([])

  var isEmpty: Bool {
    switch self {
    case .sdp(let octets): octets.isEmpty
    case .frames: false
    }
  }

  /// As the exchange of descriptions has it; nil = nothing that we would believe.
  var session: SessionDescription? {
    switch self {
    case .sdp(let octets): SessionDescription(reading: octets)
    case .frames(let frames): frames.session
    }
  }

  /// Why it is no answer to what was offered, if it is none (spec L-23).
  var problem: ReasonCode {
    if isEmpty { return .noDescription }
    return session?.audio == nil ? .badDescription : .noCommonCodec
  }

  /// The party said this before. Frames are what they are.
  func repeats(_ known: SessionDescription) -> Bool {
    switch self {
    case .sdp(let octets): known.body == octets
    case .frames: true
    }
  }
}
