import Foundation
import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// `DirectMedia.table.md`, row by row; pairs without a row do nothing.
struct DirectMediaTableTests {
  private struct Row {
    var state: String
    var input: String
    var next: String
    var effects: [String]
  }

  private static let leg = LegNumber(0)
  private static let callerOffer = AgentWorld.sdp(port: 4000)
  private static let legAnswer = AgentWorld.sdp(port: 6000)

  private static func rows() throws -> [Row] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/RCMLAgent/Media/DirectMedia.table.md")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| ") && $0.filter { $0 == "|" }.count == 6 }
      .filter { !$0.hasPrefix("| state") }
      .map { line in
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return Row(
          state: cells[0], input: cells[1], next: cells[2],
          effects: cells[3] == "none" ? [] : cells[3].components(separatedBy: ", "))
      }
  }

  private static let states = [
    "apart", "together", "joining caller", "joining leg", "passing caller", "passing leg",
    "owing caller", "owing leg", "asked caller", "asked leg",
  ]

  private static let inputs =
    ["caller", "leg"].flatMap { party in
      [
        "offers", "offers foreign", "wants an offer", "accepts", "accepts other",
        "accepts foreign", "refuses", "cancels", "acknowledges", "acknowledges other",
        "acknowledges nothing", "not asked", "is refreshed",
      ].map { "\(party) \($0)" }
    } + ["bridged", "unbridged", "leg gone"]

  /// Both have answered, and the caller was answered before anybody was there.
  private static func media(in state: String) -> DirectMedia {
    var media = DirectMedia(origin: 100, address: AgentWorld.place(5060))
    var effects: [MediaEffect] = []
    media.callerSent(callerOffer)
    let isJoined = state != "apart" && !state.hasPrefix("joining") && state != "asked caller"
    if !isJoined { _ = media.answerForCaller(with: nil) }
    _ = media.offerForLeg(leg)
    _ = media.legAnswered(leg, legAnswer)
    if isJoined { _ = media.answerForCaller(with: leg) }
    if state == "apart" { return media }
    media.bridged(leg, &effects)
    switch state {
    case "joining leg": media.accepted(by: .caller, AgentWorld.sdp(port: 4444), &effects)
    case "passing caller", "asked leg":
      media.offered(by: .caller, AgentWorld.sdp(port: 4100, direction: "sendonly"), &effects)
      if state == "asked leg" { media.offerCancelled(by: .caller, &effects) }
    case "passing leg": media.offered(by: .leg(leg), AgentWorld.sdp(port: 6100), &effects)
    case "owing caller": media.offered(by: .caller, [], &effects)
    case "owing leg": media.offered(by: .leg(leg), [], &effects)
    case "asked caller": media.unbridged(leg, &effects)
    default: break
    }
    return media
  }

  private static func name(of media: DirectMedia) -> String {
    switch media.state {
    case .joining(asked: let party, count: _): return "joining \(word(party))"
    case .passing(from: let party, asked: _): return "passing \(word(party))"
    case .idle: break
    }
    let (caller, other) = (media.sides.caller, media.sides.legs[leg])
    if caller.awaitsAcknowledgement { return "owing caller" }
    if other?.awaitsAcknowledgement == true { return "owing leg" }
    if caller.proposal != nil { return "asked caller" }
    if media.sides.bridgedLeg == nil { return "apart" }
    return other?.proposal != nil ? "asked leg" : "together"
  }

  private static func word(_ party: Party) -> String { party == .caller ? "caller" : "leg" }

  private static func word(_ effect: MediaEffect) -> String {
    func inactive(_ sdp: [UInt8]) -> String {
      String(decoding: sdp, as: UTF8.self).contains("a=inactive") ? " inactive" : ""
    }
    switch effect {
    case .offer(let party, let sdp): return "offer \(word(party))\(inactive(sdp))"
    case .answer(let party, let sdp): return "answer \(word(party))\(inactive(sdp))"
    case .refuse(let party, let code): return "refuse \(word(party)) \(code)"
    case .cancelOffer(let party): return "cancel \(word(party))"
    case .withdraw(let party): return "withdraw \(word(party))"
    case .warn: return "warn"
    case .describe, .join, .part, .close: return "media"
    }
  }

  private static func give(_ input: String, to media: inout DirectMedia) -> [String] {
    var effects: [MediaEffect] = []
    let party: Party = input.hasPrefix("caller") ? .caller : .leg(leg)
    let moved = AgentWorld.sdp(port: party == .caller ? 4200 : 6200)
    let same = party == .caller ? callerOffer : legAnswer
    let foreign = Array(
      String(decoding: moved, as: UTF8.self).replacing("RTP/AVP", with: "RTP/SAVP").utf8)
    switch input.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" {
    case "offers": media.offered(by: party, moved, &effects)
    case "offers foreign": media.offered(by: party, foreign, &effects)
    case "wants an offer": media.offered(by: party, [], &effects)
    case "accepts": media.accepted(by: party, same, &effects)
    case "accepts other": media.accepted(by: party, moved, &effects)
    case "accepts foreign": media.accepted(by: party, foreign, &effects)
    case "refuses": media.refused(by: party, code: 488, &effects)
    case "cancels": media.offerCancelled(by: party, &effects)
    case "acknowledges": media.acknowledged(by: party, same, &effects)
    case "acknowledges other": media.acknowledged(by: party, moved, &effects)
    case "acknowledges nothing": media.acknowledged(by: party, [], &effects)
    case "is refreshed": media.refreshDue(with: party, &effects)
    case "not asked":
      // The agent asks whether a re-INVITE has gone out only of one that is taken back.
      if case .idle = media.state { media.withdrawn(by: party, &effects) }
    case "bridged": media.bridged(leg, &effects)
    case "unbridged": media.unbridged(leg, &effects)
    default: media.legGone(leg, &effects)
    }
    return effects.map(word)
  }

  @Test func everyRowOfTheTableHolds() throws {
    let rows = try Self.rows()
    #expect(rows.count >= 80)
    for row in rows {
      #expect(Self.states.contains(row.state) && Self.inputs.contains(row.input), "\(row)")
      var media = Self.media(in: row.state)
      #expect(Self.name(of: media) == row.state, "\(row)")
      #expect(Self.give(row.input, to: &media) == row.effects, "\(row)")
      #expect(Self.name(of: media) == row.next, "\(row)")
    }
  }

  @Test func whatHasNoRowDoesNothing() throws {
    let rows = try Self.rows()
    for state in Self.states {
      for input in Self.inputs
      where !rows.contains(where: { $0.state == state && $0.input == input }) {
        var media = Self.media(in: state)
        let effects = Self.give(input, to: &media)
        #expect(effects.isEmpty, "\(state), \(input): \(effects)")
        #expect(Self.name(of: media) == state, "\(state), \(input)")
      }
    }
  }
}
