import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLMedia

/// Each key once, of the right party (I-M3, spec U-25).
extension Watch {
  func toldKey(_ call: CallNumber, _ party: Party, _ key: UInt8) {
    sound?.keys.append((call, party, key))
  }

  /// A packet of a voice is about to have its consequences.
  func beginKeys(_ voice: Voice, _ octets: [UInt8], isTaken: Bool, press: Int?) {
    guard sound != nil else { return }
    sound?.keys = []
    sound?.expected = nil
    guard let index = partyIndex(voice), let party = sound?.parties[index] else { return }
    var key: UInt8?
    if isTaken, let press, octets.count >= 16 {
      if press > party.lastPress[voice.number, default: 0] {
        sound?.parties[index].lastPress[voice.number] = press
        let pressed = Array("0123456789*#ABCD".utf8)[Int(octets[12] & 15)]
        if !isSameKey(party, pressed, isInfo: false) {
          key = pressed
          sound?.parties[index].lastKey = (pressed, false, now)
        }
      }
    }
    sound?.expected = (index, key, false)
  }

  /// By another way within a quarter of a second it is the same press.
  private func isSameKey(_ party: WatchedSound.Talker, _ key: UInt8, isInfo: Bool) -> Bool {
    party.lastKey.map {
      $0.key == key && $0.isInfo != isInfo && now - $0.at <= .milliseconds(250)
    } ?? false
  }

  func endKeys() {
    defer {
      sound?.expected = nil
      sound?.keys = []
    }
    guard let expected = sound?.expected, let told = sound?.keys, !hostInterferes,
      let party = sound?.parties[expected.party]
    else { return }
    let name = partyName(party)
    if told.count > 1 { return fail(.keys, "one key of \(name) was told \(told.count) times") }
    guard let one = told.first else {
      let isOver = party.ended != nil || callers[party.caller].ended != nil
      if let key = expected.key, !expected.isInfo, !isOver {
        fail(.keys, "\(name) pressed \(key), and nobody was told")
      }
      return
    }
    if one.key != expected.key { fail(.keys, "\(name) pressed no \(one.key), and it was told") }
    let isRight: Bool
    switch one.party {
    case .caller: isRight = party.leg == nil
    case .leg(let number):
      isRight = party.leg.map { events[legs[$0].sid]?.number == number } ?? false
    }
    if !isRight { fail(.keys, "a key of \(name) was told of somebody else") }
  }

  /// A key by INFO has come; it is judged when the agent is at rest.
  func info(_ message: SipText, _ index: Int, _ party: inout WatchedSound.Talker) {
    guard party.infos.insert(message.branch).inserted else { return }
    let body = message.text(message.body)
    guard let mark = body.firstIndex(of: "="), let key = body[mark...].utf8.dropFirst().first else {
      return
    }
    sound?.keys = []
    let isSame = isSameKey(party, key, isInfo: true)
    sound?.expected = (index, isSame ? nil : key, true)
  }

  /// At rest after a message.
  func settleKeys() {
    guard let expected = sound?.expected, expected.isInfo else { return }
    if let key = sound?.keys.first?.key {
      sound?.parties[expected.party].lastKey = (key, true, now)
    }
    endKeys()
  }
}
