import RCMLBasics

/// SIP messages that wait to be mirrored, and whose they are. They are no outputs: nothing that happens depends on them, and
/// no journal holds them twice. Which call a message belongs to is known once the agent has done with it, so that is asked
/// when it is taken.
final class MessageMirror {
  /// Whoever does not take them does not get them all.
  private static let messageLimit = 1_024
  /// Call-IDs that are known; of more the oldest are forgotten.
  private static let nameLimit = 32_768

  private var isOn = false
  private var messages: [MirroredMessage] = []
  private var next = 0
  private var sids: [[UInt8]: CallSid] = [:]
  private var calls: [CallNumber: CallSid] = [:]
  /// Their order, begun again at the front when it is full.
  private var names: [(callID: [UInt8], call: CallNumber?)] = []
  private var oldest = 0

  func turn(on isOn: Bool) {
    guard self.isOn, !isOn else {
      self.isOn = isOn
      return
    }
    self.isOn = false
    (messages, next, sids, calls, names, oldest) = ([], 0, [:], [:], [], 0)
  }

  /// A leg's messages are its call's.
  func learn(_ name: JournalName) {
    guard isOn else { return }
    switch name {
    case .call(let number, let sid, let callID):
      calls[number] = sid
      learn(callID, sid, number)
    case .leg(let number, _, let sid, let callID): learn(callID, calls[number] ?? sid, nil)
    case .exchange, .stream, .verdict, .verb: break
    }
  }

  private func learn(_ callID: [UInt8], _ sid: CallSid, _ call: CallNumber?) {
    guard sids.updateValue(sid, forKey: callID) == nil else { return }
    guard names.count == MessageMirror.nameLimit else { return names.append((callID, call)) }
    sids[names[oldest].callID] = nil
    if let ended = names[oldest].call { calls[ended] = nil }
    names[oldest] = (callID, call)
    oldest = (oldest + 1) % MessageMirror.nameLimit
  }

  func add(_ message: MirroredMessage) {
    guard isOn, messages.count - next < MessageMirror.messageLimit else { return }
    messages.append(message)
  }

  func popFirst() -> MirroredMessage? {
    guard next < messages.count else {
      messages.removeAll(keepingCapacity: messages.capacity <= 64)
      next = 0
      return nil
    }
    var message = messages[next]
    next += 1
    let callID = LadderMessage(message.bytes)?.callID ?? []
    message.correlation = sids[callID]?.octets ?? callID
    return message
  }
}
