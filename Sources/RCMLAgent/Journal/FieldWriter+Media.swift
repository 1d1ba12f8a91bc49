import RCMLBasics
import RCMLMedia

extension FieldWriter {
  mutating func mediaCommand(_ command: MediaCommand) {
    switch command {
    case .open(let id):
      octet(1)
      number(id.number)
    case .describe(let id, let description):
      octet(2)
      number(id.number)
      self.description(description)
    case .close(let id):
      octet(3)
      number(id.number)
    case .join(let first, let second, let join):
      octet(4)
      number(first.number)
      number(second.number)
      octet(join.withheldKey)
    case .part(let id):
      octet(5)
      number(id.number)
    case .load(let id, let source):
      octet(6)
      number(id.number)
      self.source(source)
    case .forget(let id):
      octet(7)
      number(id.number)
    case .play(let id, let playback, let items):
      octet(8)
      number(id.number)
      number(playback.number)
      list(items) { $0.item($1) }
    case .stop(let id):
      octet(9)
      number(id.number)
    case .record(let id, let plan, let path):
      octet(10)
      number(id.number)
      self.plan(plan)
      text(path)
    case .endRecording(let id):
      octet(11)
      number(id.number)
    case .recordAlso(let id, let other):
      octet(12)
      number(id.number)
      number(other.number)
    case .discardRecording(let id):
      octet(13)
      number(id.number)
    case .openFrames(let id, let media):
      octet(20)
      number(id.number)
      octet(media.rawValue)
    case .usePorts(let ports):
      octet(14)
      number(ports.lowerBound)
      number(ports.upperBound)
    }
  }

  mutating func mediaEvent(_ event: MediaEvent) {
    switch event {
    case .opened(let id, let port):
      octet(1)
      number(id.number)
      number(port)
    case .unopened(let id):
      octet(2)
      number(id.number)
    case .loaded(let id, let milliseconds):
      octet(3)
      number(id.number)
      signed(milliseconds)
    case .unloadable(let id, let problem):
      octet(4)
      number(id.number)
      octet(problem.rawValue)
    case .digit(let id, let key):
      octet(5)
      number(id.number)
      octet(key)
    case .played(let id):
      octet(6)
      number(id.number)
    case .unplayable(let id):
      octet(7)
      number(id.number)
    case .recorded(let id, let result):
      octet(8)
      number(id.number)
      octet(result.reason.rawValue)
      signed(result.milliseconds)
      flag(result.isEmpty)
    case .silent(let id):
      octet(9)
      number(id.number)
    case .contested(let id):
      octet(10)
      number(id.number)
    }
  }

  private mutating func description(_ value: StreamDescription) {
    optional(value.remote) { $0.address($1) }
    optional(value.control) { $0.address($1) }
    flag(value.sends)
    flag(value.receives)
    list(value.incoming) { $0.payload($1) }
    list(value.outgoing) { $0.payload($1) }
    signed(value.packetTime)
    signed(value.silenceLimit.nanoseconds)
    optional(value.sender.signalling) { $0.address($1) }
    text(value.sender.lock.rawValue)
    number(value.sender.edition)
    flag(value.hearsKeys)
    flag(value.isUntouched)
  }

  private mutating func payload(_ value: StreamDescription.Payload) {
    octet(value.number)
    switch value.codec {
    case .pcmu: octet(1)
    case .pcma: octet(2)
    case .telephoneEvent(let rate):
      octet(3)
      number(rate)
    case .comfortNoise: octet(4)
    case .other(let name):
      octet(5)
      octets(name)
    }
  }

  private mutating func source(_ value: SoundSource) {
    switch value {
    case .octets(let bytes, let name, let contentType):
      octet(1)
      octets(bytes)
      text(name)
      text(contentType)
    case .file(let path):
      octet(2)
      text(path)
    case .speech(let request):
      octet(3)
      text(request.program)
      text(request.text)
      text(request.language)
      text(request.voice)
    }
  }

  private mutating func item(_ value: PlayItem) {
    switch value {
    case .sound(let id, let times):
      octet(1)
      number(id.number)
      signed(times)
    case .ringing(let country):
      octet(2)
      text(country)
    case .beep: octet(3)
    case .warning: octet(4)
    case .silence(let milliseconds):
      octet(5)
      signed(milliseconds)
    case .digits(let keys):
      octet(6)
      octets(keys)
    }
  }

  private mutating func plan(_ value: RecordingPlan) {
    number(value.left.number)
    optional(value.right) { $0.number($1.number) }
    signed(value.channels)
    signed(value.silence.nanoseconds)
    signed(value.maximum.nanoseconds)
    flag(value.keepsEmpty)
  }
}
