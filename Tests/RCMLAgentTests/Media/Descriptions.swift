import RCMLBasics
import RCMLDial
import RCMLSIP

@testable import RCMLAgent

/// Descriptions as they come from the wire.
extension DirectMedia {
  mutating func callerSent(_ sdp: [UInt8]) {
    if let offer = SessionDescription(reading: sdp) { callerSent(offer) }
  }

  mutating func legSentEarly(_ leg: LegNumber, _ sdp: [UInt8]) { legSentEarly(leg, .sdp(sdp)) }

  mutating func legAnswered(_ leg: LegNumber, _ sdp: [UInt8]) -> Bool {
    legAnswered(leg, .sdp(sdp))
  }

  mutating func offered(by party: Party, _ sdp: [UInt8], _ effects: inout [Effect]) {
    offered(by: party, .sdp(sdp), &effects)
  }

  mutating func accepted(by party: Party, _ sdp: [UInt8], _ effects: inout [Effect]) {
    accepted(by: party, .sdp(sdp), &effects)
  }

  mutating func acknowledged(by party: Party, _ sdp: [UInt8], _ effects: inout [Effect]) {
    acknowledged(by: party, .sdp(sdp), &effects)
  }
}

extension AnchoredMedia {
  mutating func callerSent(_ sdp: [UInt8]) {
    if let offer = SessionDescription(reading: sdp) { callerSent(offer) }
  }

  mutating func callerAnswered(_ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    callerAnswered(.sdp(sdp), &effects)
  }

  mutating func legSentEarly(
    _ leg: LegNumber, _ sdp: [UInt8], _ effects: inout [MediaEffect]
  ) {
    legSentEarly(leg, .sdp(sdp), &effects)
  }

  mutating func legAnswered(
    _ leg: LegNumber, _ sdp: [UInt8], _ effects: inout [MediaEffect]
  ) -> Bool {
    legAnswered(leg, .sdp(sdp), &effects)
  }

  mutating func offered(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    offered(by: party, .sdp(sdp), &effects)
  }

  mutating func accepted(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    accepted(by: party, .sdp(sdp), &effects)
  }

  mutating func acknowledged(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    acknowledged(by: party, .sdp(sdp), &effects)
  }
}

extension CallMedia {
  mutating func legSentEarly(
    _ leg: LegNumber, _ sdp: [UInt8], _ effects: inout [MediaEffect]
  ) {
    legSentEarly(leg, .sdp(sdp), &effects)
  }

  mutating func legAnswered(
    _ leg: LegNumber, _ sdp: [UInt8], _ effects: inout [MediaEffect]
  ) -> Bool {
    legAnswered(leg, .sdp(sdp), &effects)
  }

  mutating func offered(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    offered(by: party, .sdp(sdp), &effects)
  }

  mutating func accepted(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    accepted(by: party, .sdp(sdp), &effects)
  }

  mutating func acknowledged(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    acknowledged(by: party, .sdp(sdp), &effects)
  }
}

extension SessionDescription {
  static func isUsable(_ sdp: [UInt8]) -> Bool {
    SessionDescription(reading: sdp)?.hasUsableAudio ?? false
  }
}
