import RCMLBasics
import RCMLDial

/// What goes between a call and the host's own parties, in the words of the ladder.
enum HostWords {
  static func action(_ action: HostAction, of party: Party) -> String {
    let who = JournalWords.party(party)
    switch action {
    case .ring(let code, let sdp): return "to the host: \(who) rings (\(code))" + with(sdp)
    case .answer(let sdp): return "to the host: answer \(who)" + with(sdp)
    case .reject(let code, _, let reason):
      return "to the host: refuse \(who) (\(code))" + JournalWords.reason(reason)
    case .hangUp(let reason):
      return "to the host: hang up \(who)" + JournalWords.reason(reason)
    case .call(let invite):
      return "to the host: call \(invite.to) (\(invite.media.word)) as \(who)" + with(invite.sdp)
    case .offer(let sdp): return "to the host: other media for \(who)?" + with(sdp)
    case .accepted(let sdp): return "to the host: other media of \(who) accepted" + with(sdp)
    case .refused(let code): return "to the host: other media of \(who) refused (\(code))"
    case .key(let key): return "to the host: \(who) hears \(JournalWords.printable([key]))"
    }
  }

  static func news(_ news: HostPartyReport, of leg: LegNumber?) -> String {
    let who = JournalWords.party(leg.map { .leg($0) } ?? .caller)
    switch news {
    case .rings(let code, let sdp): return "host: \(who) rings (\(code))" + with(sdp)
    case .answers(let sdp): return "host: \(who) answers" + with(sdp)
    case .offers(let sdp): return "host: \(who) wants other media" + with(sdp)
    case .refuses(let code): return "host: \(who) refuses other media (\(code))"
    case .ends(let code): return "host: \(who) ends" + (code == 0 ? "" : " (\(code))")
    case .presses(let key): return "host: \(who) presses \(JournalWords.printable([key]))"
    }
  }

  private static func with(_ sdp: [UInt8]) -> String { sdp.isEmpty ? "" : " sdp" }
}
