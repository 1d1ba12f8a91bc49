/// What one phone does with its sound. Times are milliseconds from the moment it knows where to send it.
package struct VoiceScript: Sendable {
  package struct Spurt: Sendable {
    package var after: Int
    package var packets: Int
  }

  package struct Press: Sendable {
    package enum Way: Hashable, Sendable { case event, info, both }
    package var after: Int
    package var key: UInt8
    package var way: Way
  }

  /// What a re-INVITE changes.
  package enum Change: Hashable, Sendable {
    case hold(direction: String)
    /// Hold as RFC 2543 had it: `c=IN IP4 0.0.0.0`.
    case holdByAddress
    case resume
    /// Another port.
    case move
  }

  package struct Reoffer: Sendable {
    package var after: Int
    package var change: Change
  }

  /// Per cent of its packets.
  package struct Faults: Sendable {
    package var drop = 0
    package var duplicate = 0
    package var late = 0
    package var latest = 0
    package var wrongType = 0
    package var truncated = 0
    package var garbage = 0
    /// Of bursts: the source, or its clock, becomes another one between two of them; several packets are lost in one.
    package var newSource = 0
    package var jump = 0
    package var burst = 0

    /// Each packet comes when it is due, and says what it is.
    var keepsTime: Bool { late == 0 && duplicate == 0 && jump == 0 && newSource == 0 }
  }

  /// Payload types: 0 PCMU, 8 PCMA, 9 G722.
  package var formats: [UInt8] = [0]
  /// Its number for telephone events; 0 = it knows none.
  package var eventType: UInt8 = 101
  /// Payload types of its video: 97 and 105 H264, 98 VP8; empty = it has none.
  package var video: [UInt8] = []
  /// 0 = it does not say.
  package var packetTime = 20
  package var spurts: [Spurt] = []
  package var presses: [Press] = []
  package var reoffers: [Reoffer] = []
  /// Its packets come from another address than it names.
  package var isBehindNAT = false
  package var source = SourceScript()
  /// Says nothing but silence.
  package var isQuiet = false
  package var faults = Faults()

  var speechTime: Int { packetTime == 0 ? 20 : packetTime }
}
