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
}
