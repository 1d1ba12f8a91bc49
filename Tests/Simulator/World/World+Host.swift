import RCMLAgent
import RCMLBasics
import RCMLDial

/// Parties on lines of the host's own.
extension World {
  enum HostPartyEvent {
    case calls(Int)
    case says(CallNumber, LegNumber?, HostPartyReport)
  }

  func startHostParties() {
    for (index, caller) in (scenario.hostParties?.callers ?? []).enumerated() {
      agenda.add(.hostParty(.calls(index)), at: now + .milliseconds(caller.startsAt))
    }
  }

  func happen(_ event: HostPartyEvent) {
    switch event {
    case .calls(let index): hostCalls(index)
    case .says(let call, let leg, let news):
      watch.hostSays(call, leg, news)
      let result = command(.onCall(call, .hostSays(leg, news)))
      if case .failure = result { watch.hostMayNotSay(call, leg, news) }
      watch.hostSaid()
    }
  }

  private func hostCalls(_ index: Int) {
    guard let caller = scenario.hostParties?.callers[index] else { return }
    let name = "host\(index)"
    var document: DocumentSource?
    switch scenario.serving {
    case .defaultText(let text): document = .text(secured(Array(text.utf8)), baseURL: "")
    case .defaultURL(let url): document = .url(url, method: "POST")
    case .host: break
    }
    let party = HostCaller(
      from: name, to: "200", media: caller.media,
      sdp: caller.media == .sdp && caller.hasOffer ? World.hostDescription(4_000) : [])
    watch.hostCalls(name)
    guard case .success(.called(let call)) = command(.hostCall(party, document)) else {
      return watch.hostRefused(name)
    }
    calls.append(call)
    watch.hostCalled(name, call)
    hostCallers[call] = caller
    if case .host(_, let after) = scenario.serving {
      agenda.add(.host(call), at: now + .milliseconds(after))
    }
    say(.ends(code: 0), of: nil, call, after: caller.hangsUpAfter)
  }

  /// The target is a party of the host's own.
  func answerWithParty(_ id: QuestionID) {
    let media = hostParties.one(of: ["", ";media=pcmu", ";media=pcma", ";media=sdp"])
    let after = hostParties.one(of: [0, 1, 40, 1_000])
    agenda.add(
      .target(id, .instead(uri: "host:desk" + media, username: nil, password: nil)),
      at: now + .milliseconds(after))
  }

  /// What the host was told to do: mostly it does it, now or later.
  func hostParty(_ call: CallNumber, _ party: Party, _ action: HostAction) {
    watch.hostTold(call, party, action)
    let leg: LegNumber? = if case .leg(let leg) = party { leg } else { nil }
    switch action {
    case .call(let invite): called(call, leg, invite)
    case .answer(let sdp):
      let caller = hostCallers[call]
      if !sdp.isEmpty, caller?.hasOffer == false {
        say(
          .answers(sdp: World.hostDescription(4_000)), of: nil, call,
          after: hostParties.one(of: [0, 1, 500]))
      }
      if caller?.media == .sdp, let after = caller?.offersAfter {
        say(.offers(sdp: World.hostDescription(4_002)), of: nil, call, after: after)
      }
    case .offer:
      let news: HostPartyReport =
        hostParties.chance(80)
        ? .answers(sdp: World.hostDescription(4_004)) : .refuses(code: 488)
      if hostParties.chance(95) {
        say(news, of: leg, call, after: hostParties.one(of: [0, 1, 3_000]))
      }
    case .ring, .reject, .hangUp, .accepted, .refused, .key: break
    }
  }

  private func called(_ call: CallNumber, _ leg: LegNumber?, _ invite: HostInvite) {
    let sdp = invite.media == .sdp ? World.hostDescription(5_000) : []
    if hostParties.chance(70) {
      let code: UInt16 = hostParties.chance(80) ? 180 : 183
      say(
        .rings(code: code, sdp: code == 183 ? sdp : []), of: leg, call,
        after: hostParties.one(of: [0, 1, 100]))
    }
    let after = hostParties.one(of: [0, 2, 900, 4_000, 12_000]) + hostParties.within(0...100)
    switch hostParties.below(10) {
    case 0: break  // nobody there, and nobody says so
    case 1, 2:
      say(.ends(code: hostParties.one(of: [0, 486, 404, 603])), of: leg, call, after: after)
    case 3:
      // It says things that do not belong there.
      say(.answers(sdp: Array("v=0".utf8)), of: leg, call, after: after)
      say(.refuses(code: 488), of: leg, call, after: after + 1)
      say(.answers(sdp: sdp), of: leg, call, after: after + 2)
    default:
      say(.answers(sdp: sdp), of: leg, call, after: after)
      say(.presses(UInt8(ascii: "1")), of: leg, call, after: after + hostParties.within(0...3_000))
      if let offers = scenario.hostParties?.legsOfferAfter, invite.media == .sdp {
        say(.offers(sdp: World.hostDescription(4_002)), of: leg, call, after: after + offers)
      }
      if hostParties.chance(60) {
        say(
          .ends(code: 0), of: leg, call,
          after: after + hostParties.one(of: [0, 1, 2_000, 9_000]))
      }
    }
  }

  private func say(_ news: HostPartyReport, of leg: LegNumber?, _ call: CallNumber, after: Int) {
    // Never at the instant of a timer: a machine fires what is due before it hears what is new.
    agenda.add(
      .hostParty(.says(call, leg, news)),
      at: now + .milliseconds(after) + Interval(nanoseconds: 13_007))
  }

  static func hostDescription(_ port: Int) -> [UInt8] {
    let lines = [
      "v=0", "o=pbx 1 1 IN IP4 10.0.3.1", "s=-", "c=IN IP4 10.0.3.1", "t=0 0",
      "m=audio \(port) RTP/AVP 0 8 101", "a=rtpmap:101 telephone-event/8000", "",
    ]
    return Array(lines.joined(separator: "\r\n").utf8)
  }
}
