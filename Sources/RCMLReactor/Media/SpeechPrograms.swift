import CSystem
import RCMLBasics
import RCMLMedia

/// Programs that speak, a few at once; the others wait in line.
final class SpeechPrograms {
  static let concurrency = 4

  private struct Running {
    /// nil: nobody waits for it any more, only its end is outstanding.
    var sound: SoundID?
    var program: system_program
    var deadline: Instant
  }

  private let epoll: Int32
  /// Longer than this no program may take.
  var timeLimit = Interval.seconds(10)
  private var line = WaitingLine<SoundID, SpeechRequest>()
  private var running: [UInt64: Running] = [:]
  private var last: UInt64 = 0

  init(epoll: Int32) { self.epoll = epoll }

  var deadline: Instant { running.values.reduce(.distantFuture) { min($0, $1.deadline) } }

  func add(_ sound: SoundID, _ request: SpeechRequest) { line.append(sound, request) }

  /// Nil: there is none, or it is not its turn.
  func nextInLine() -> (key: SoundID, value: SpeechRequest)? {
    guard running.count < SpeechPrograms.concurrency else { return nil }
    return line.next()
  }

  /// False: it cannot be started.
  func start(_ sound: SoundID, _ request: SpeechRequest, at now: Instant) -> Bool {
    guard let words = request.arguments else { return false }
    var program = system_program()
    let arguments = words.flatMap { Array($0.utf8CString) }
    let text = Array(request.input.utf8)
    let status = text.withUnsafeBytes { input in
      system_program_start(
        arguments, Int32(words.count), input.baseAddress, input.count, SoundFile.octetsLimit,
        &program)
    }
    guard status == 0 else { return false }
    last += 1
    guard system_epoll_set(epoll, program.descriptor, 1, Tag.make(Tag.program, last)) == 0 else {
      system_program_abandon(&program)
      return false
    }
    running[last] = Running(sound: sound, program: program, deadline: now + timeLimit)
    return true
  }

  /// A program has ended: whose it was, nil = nobody's, and the file it wrote, nil = it failed.
  func ended(_ number: UInt64) -> (sound: SoundID?, file: Int32?)? {
    guard var ended = running[number] else { return nil }
    let status = system_program_end(&ended.program)
    guard status >= 0 else { return nil }
    // A child that was forked meanwhile may hold it, too: without this the loop would find it ended for ever.
    system_epoll_remove(epoll, ended.program.descriptor)
    system_close(ended.program.descriptor)
    running[number] = nil
    if status == 1, ended.sound != nil { return (ended.sound, ended.program.output) }
    system_close(ended.program.output)
    return (ended.sound, nil)
  }

  /// Kills what has taken too long: whose it was.
  func takeLate(_ now: Instant) -> [SoundID] {
    var late: [(number: UInt64, sound: SoundID)] = []
    for (number, each) in running where each.deadline <= now {
      if let sound = each.sound { late.append((number, sound)) }
      kill(number)
    }
    return late.sorted { $0.number < $1.number }.map(\.sound)
  }

  func forget(_ sound: SoundID) {
    line.remove(sound)
    for (number, each) in running where each.sound == sound { kill(number) }
  }

  private func kill(_ number: UInt64) {
    guard var each = running[number] else { return }
    system_program_kill(&each.program)
    each.sound = nil
    each.deadline = .distantFuture
    running[number] = each
  }

  /// A child that was forked lets the programs of its parent run.
  func close(isOwner: Bool) {
    for var each in running.values {
      if isOwner {
        system_program_abandon(&each.program)
      } else {
        system_close(each.program.descriptor)
        system_close(each.program.output)
      }
    }
    running = [:]
    line = WaitingLine()
  }
}
