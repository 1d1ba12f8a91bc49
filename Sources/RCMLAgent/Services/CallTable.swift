import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// Whose an id is: the way back from lines, streams, sounds and recordings to a call. Whoever has an id looks here once
/// and then holds the call.
///
/// Found by key only: nothing walks through a dictionary in its own order.
final class CallTable {
  /// Who is on a line. The call may be over: a dialog that is being ended outlives it.
  struct LineOwner {
    let call: CallRun
    let party: Party
  }

  let legCounts = LegCounts()
  private var calls: [CallNumber: CallRun] = [:]
  private var ended = EndedCalls()
  private var dialogs: [SessionID: LineOwner] = [:]
  private var hostLines: [HostLineID: LineOwner] = [:]
  private var streams: [MediaID: CallRun] = [:]
  private var playbacks: [PlaybackID: CallRun] = [:]
  private var recordings: [RecordingID: CallRun] = [:]
  private var nextCall: UInt64 = 1
  /// One counter numbers streams, playbacks, recordings and sounds.
  private var nextMedia: UInt64 = 1

  // MARK: calls

  subscript(number: CallNumber) -> CallRun? { calls[number] }

  var count: Int { calls.count }
  var isEmpty: Bool { calls.isEmpty }

  /// In the order in which they came: what walks through all calls must do so the same way each time.
  var inOrder: [CallRun] { calls.values.sorted { $0.number.number < $1.number.number } }

  /// In any order: nothing comes of it but other time stamps.
  func set(_ wall: WallClock) {
    for call in calls.values { call.set(wall) }
  }

  func makeCallNumber() -> CallNumber {
    defer { nextCall += 1 }
    return CallNumber(nextCall)
  }

  func add(_ call: CallRun) { calls[call.number] = call }

  /// False: it was removed before.
  func remove(_ call: CallRun) -> Bool {
    guard calls.removeValue(forKey: call.number) != nil else { return false }
    ended.add(call.number, call.caller.identity.sid)
    return true
  }

  /// The host has been told of its end.
  func endWasTold(of number: CallNumber) { ended.forget(number) }

  /// The name of a call, also of one whose end the host has not been told of.
  func sid(of number: CallNumber) -> CallSid? {
    calls[number]?.caller.identity.sid ?? ended.sid(of: number)
  }

  /// Calls and services hold each other: the agent calls this when it goes, so that both are freed.
  func removeAll() {
    calls = [:]
    dialogs = [:]
    hostLines = [:]
    streams = [:]
    playbacks = [:]
    recordings = [:]
  }

  // MARK: lines

  var lineCount: Int { dialogs.count + hostLines.count }

  func owner(of line: LineID) -> LineOwner? {
    switch line {
    case .sip(let session): dialogs[session]
    case .host(let line): hostLines[line]
    }
  }

  func add(_ line: LineID, of party: Party, _ call: CallRun) {
    let owner = LineOwner(call: call, party: party)
    switch line {
    case .sip(let session):
      dialogs[session] = owner
      if case .leg = party { legCounts.begin(of: call.caller.trail) }
    case .host(let line): hostLines[line] = owner
    }
  }

  func remove(_ line: LineID) {
    switch line {
    case .sip(let session):
      // Be its call over or not.
      if let owner = dialogs.removeValue(forKey: session), case .leg = owner.party {
        legCounts.end(of: owner.call.caller.trail)
      }
    case .host(let line): hostLines[line] = nil
    }
  }

  // MARK: media

  var mediaCount: Int { streams.count + playbacks.count + recordings.count }

  func makeMediaNumber() -> UInt64 {
    defer { nextMedia += 1 }
    return nextMedia
  }

  func makeStream(of call: CallRun) -> MediaID {
    let stream = MediaID(makeMediaNumber())
    streams[stream] = call
    return stream
  }

  func makePlayback(of call: CallRun) -> PlaybackID {
    let playback = PlaybackID(makeMediaNumber())
    playbacks[playback] = call
    return playback
  }

  func makeRecording(of call: CallRun) -> RecordingID {
    let recording = RecordingID(makeMediaNumber())
    recordings[recording] = call
    return recording
  }

  func call(of stream: MediaID) -> CallRun? { streams[stream] }

  /// False: it was removed before.
  @discardableResult
  func remove(_ stream: MediaID) -> Bool { streams.removeValue(forKey: stream) != nil }

  /// Whose it was: it has ended.
  @discardableResult
  func remove(_ playback: PlaybackID) -> CallRun? { playbacks.removeValue(forKey: playback) }

  @discardableResult
  func remove(_ recording: RecordingID) -> CallRun? { recordings.removeValue(forKey: recording) }
}
