import CSystem
import RCMLAgent
import RCMLBasics
import RCMLMedia

/// Media as the loop sees it: made by the first command about it, so that a call that hands SDP through costs nothing here.
final class MediaDesk {
  private let epoll: Int32
  private let inbox: Inbox
  private let calendar: SystemCalendar
  private let answers: WebAnswers
  private let disk: Disk
  private(set) var media: ReactorMedia?
  /// Somebody keeps a trace.
  private var tellsReception = false
  /// Where RTP is bound, RTCP one above; streams that are open keep their ports.
  private(set) var ports: ClosedRange<UInt16> = 16_384...32_767
  /// As of the end of the last step.
  private(set) var counters = MediaCounters()

  init(
    poll: Poll, inbox: Inbox, calendar: SystemCalendar, answers: WebAnswers, disk: Disk
  ) {
    epoll = poll.descriptor
    self.inbox = inbox
    self.calendar = calendar
    self.answers = answers
    self.disk = disk
  }

  var deadline: Instant { media?.deadline ?? .distantFuture }

  func usePorts(_ ports: ClosedRange<UInt16>) { self.ports = ports }

  /// Somebody keeps a trace, and wants to know how parties are heard: before the first command.
  func tellReception() { tellsReception = true }

  func set(_ wall: WallClock) { media?.engine.set(wall) }

  /// Nil: there is no memory.
  private func mediaOrMade() -> ReactorMedia? {
    if media == nil {
      media = ReactorMedia(epoll: epoll, wall: calendar.wall, answers: answers, disk: disk)
      if tellsReception { media?.engine.tellReception() }
    }
    return media
  }

  func perform(_ command: MediaCommand, _ turn: Turn) {
    if case .usePorts(let ports) = command { return usePorts(ports) }
    guard let media = mediaOrMade() else { return refuse(command, turn) }
    media.perform(command, ports: ports, turn)
  }

  /// There is no memory for media: who waits for an answer gets one.
  private func refuse(_ command: MediaCommand, _ turn: Turn) {
    switch command {
    case .open(let id), .openFrames(let id, _): turn.tell(.media(.unopened(id)))
    case .load(let id, _): turn.tell(.media(.unloadable(id, .unreadable)))
    case .play(_, let playback, _): turn.tell(.media(.unplayable(playback)))
    case .record(let id, _, _):
      let result = RecordingResult(reason: .failed, milliseconds: 0, isEmpty: true)
      turn.tell(.media(.recorded(id, result)))
    case .usePorts, .describe, .close, .join, .part, .forget, .stop, .recordAlso, .endRecording,
      .discardRecording:
      break
    }
  }

  // MARK: what the loop found

  /// One batch of one stream: the others get their turn before the next.
  func read(_ slot: Int, _ turn: Turn) {
    guard let media, let sockets = media.sockets.sockets(at: slot) else { return }
    media.receive(read(sockets.audio), slot, turn)
  }

  func readControl(_ slot: Int, _ turn: Turn) {
    guard let media, let sockets = media.sockets.sockets(at: slot) else { return }
    media.receiveControl(read(sockets.control), slot, turn)
  }

  private func read(_ socket: Int32) -> UnsafeBufferPointer<system_datagram> {
    var bound = system_address()
    return inbox.read(socket, bound: &bound, limit: SYSTEM_BATCH)
  }

  func soundsReady(_ turn: Turn) { media?.sounds.ready(turn) }

  func written(_ job: DiskJob, of id: RecordingID, _ turn: Turn) {
    media?.written(job, of: id, turn)
  }

  func programReady(_ number: UInt64, _ turn: Turn) { media?.sounds.programReady(number, turn) }

  func timePassed(_ turn: Turn) {
    guard let media, media.deadline <= turn.now else { return }
    media.timePassed(turn)
  }

  // MARK: sounds of the web

  func read(_ sound: WebSound, of exchange: ExchangeID, _ answer: HTTPAnswer, _ turn: Turn) {
    guard let media = mediaOrMade() else {
      turn.tell(.media(.unloadable(sound.id, .unreadable)))
      return answers.answered(exchange, answer.bodiless, turn)
    }
    media.sounds.read(sound, of: exchange, answer, turn)
  }

  /// False: no sound of that exchange is being read.
  func abort(_ exchange: ExchangeID) -> Bool { media?.sounds.abort(exchange) ?? false }

  // MARK: the end of a step, and of all

  func finishStep() {
    if let media { counters = media.counters }
  }

  /// What was heard up to now is written, where this process is the owner; nothing is told any more.
  func endRecordings(_ now: Instant) { media?.endRecordings(now) }

  func close(isOwner: Bool) {
    media?.close(isOwner: isOwner)
    media = nil
  }
}
