/// The dialogs of one session, in the order in which they appeared; an incoming session has one.
struct DialogSet {
  private var dialogs: [Dialog]
  /// The dialog that is the leg: the first 2xx made it (F-9).
  private(set) var leg: Int?
  /// The way on which they live: what Contact shows.
  private(set) var path: Path?
  /// Of the way, where it leads through a NAT.
  var keepalive = Keepalive()

  /// Of a session that we open.
  init() { dialogs = [] }

  /// Of a session that a peer opened: its dialog is the leg.
  init(leg dialog: Dialog) {
    dialogs = [dialog]
    leg = 0
  }

  subscript(index: Int) -> Dialog {
    _read { yield dialogs[index] }
    _modify { yield &dialogs[index] }
  }

  func contains(_ index: Int) -> Bool { dialogs.indices.contains(index) }

  /// The one there is; nil = there is none, or there are several.
  var only: Int? { dialogs.count == 1 ? 0 : nil }

  func index(withRemoteTag tag: ArraySlice<UInt8>) -> Int? {
    dialogs.firstIndex { $0.remoteTag.elementsEqual(tag) }
  }

  /// There is room for another one, or this tag has one.
  func takes(_ tag: ArraySlice<UInt8>) -> Bool {
    dialogs.count < Limits.dialogs || index(withRemoteTag: tag) != nil
  }

  var isFull: Bool { dialogs.count >= Limits.dialogs }

  /// The dialog with the response's To tag, a new one if there is none (RFC 3261 §12.1.2).
  mutating func dialog(of response: Message, at target: RemoteTarget) -> Int {
    if let index = index(withRemoteTag: response.toTag) { return index }
    dialogs.append(
      Dialog(
        remoteTag: Array(response.toTag), target: target,
        routeSet: response.recordRoutes.prefix(Limits.routes).reversed(), localCSeq: response.cseq))
    return dialogs.count - 1
  }

  /// The way to the peer where its Contact does not lead to it: the leg's, before there is one the first dialog's.
  var way: Path? {
    if let leg { return dialogs[leg].way }
    for dialog in dialogs { if let way = dialog.way { return way } }
    return nil
  }

  mutating func use(_ path: Path?) { self.path = path }

  mutating func win(_ index: Int) { leg = index }

  /// The INVITE goes out again: what the last one made is no more.
  mutating func removeAll() { dialogs = [] }
}
