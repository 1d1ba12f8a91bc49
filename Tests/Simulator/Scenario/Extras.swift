/// What a world has beyond what worlds had at first: drawn by dice of its own, and only in larger worlds (`WorldKind`), so that
/// all others are what they were.
package struct Extras: Sendable {
  var callers: [PhoneExtras] = []
  var callees: [PhoneExtras] = []
  /// Drawn apart from all others.
  var callerBodies: [BodyScript?] = []
  var calleeBodies: [BodyScript?] = []
  /// Milliseconds until a stream of ours is open.
  var opensAfter = 0
  /// Nil: whatever is recorded is written at once.
  var disk: VirtualDisk.Script?
}

struct PhoneExtras: Sendable {
  enum Streams: Sendable { case plain, g722, opus, secure, secureAndPlain, withImage }

  struct Timer: Sendable {
    var seconds: Int
    /// `uac`, `uas`, or nobody in particular.
    var refresher: String
  }

  /// A re-INVITE or UPDATE of its own, so long after the dialog stands.
  struct Offer: Sendable {
    var after: Int
    var direction: String
    /// No SDP: the other side offers.
    var isEmpty = false
    var isUpdate = false
    /// CANCEL so long after it.
    var cancelsAfter: Int?
  }

  /// Proxies between it and us that want to stay in the dialog.
  var routes = 0
  /// All in one header line.
  var routesAreOneLine = false
  var timer: Timer?
  /// What it answers re-INVITEs, in turn; 0 = nothing.
  var answers: [Int] = []
  /// Milliseconds for which it thinks about a re-INVITE, in turn, with a 100 at once; empty = it answers at once.
  var thinks: [Int] = []
  var offers: [Offer] = []
  var direction = "sendrecv"
  var streams = Streams.plain
  /// Keys by INFO, in milliseconds after the dialog stands, and which one in turn.
  var keys: [Int] = []
  var keyNames: [UInt8] = [UInt8(ascii: "7")]
  /// nil = there is none.
  var nat: NATScript?
}

/// Draws them.
struct ExtrasWriter {
  private var dice: Dice
  private var diskDice: Dice
  private let seed: UInt64

  init(seed: UInt64) {
    self.seed = seed
    dice = Dice(seed).split(900)
    diskDice = Dice(seed).split(901)
  }

  mutating func draw(callers: Int, callees: Int) -> Extras {
    var extras = Extras()
    for _ in 0..<callers { extras.callers.append(phone(isCaller: true)) }
    for _ in 0..<callees { extras.callees.append(phone(isCaller: false)) }
    if dice.chance(30) { extras.opensAfter = dice.one(of: [1, 30, 400, 2_500]) }
    extras.disk = disk()
    var bodies = BodyWriter(seed: seed)
    extras.callerBodies = (0..<callers).map { _ in bodies.draw(isCaller: true) }
    extras.calleeBodies = (0..<callees).map { _ in bodies.draw(isCaller: false) }
    return extras
  }

  /// Slow, standing still, too small for what waits, or full.
  private mutating func disk() -> VirtualDisk.Script? {
    guard diskDice.chance(50) else { return nil }
    var script = VirtualDisk.Script()
    script.latency = diskDice.one(of: [0, 1, 20, 150])
    var begin = 0
    for _ in 0..<diskDice.below(4) {
      begin += diskDice.within(200...8_000)
      let end = begin + diskDice.one(of: [300, 2_000, 9_000, 45_000])
      script.stalls.append(begin..<end)
      begin = end
    }
    if diskDice.chance(50) { script.bound = diskDice.one(of: [0, 100, 4_000, 20_000]) }
    if diskDice.chance(20) { script.capacity = diskDice.one(of: [0, 43, 44, 5_000, 40_000]) }
    return script
  }

  private mutating func phone(isCaller: Bool) -> PhoneExtras {
    var phone = PhoneExtras()
    if dice.chance(30) {
      phone.routes = dice.within(1...3)
      phone.routesAreOneLine = dice.chance(30)
    }
    if dice.chance(20) {
      phone.timer = PhoneExtras.Timer(
        seconds: dice.one(of: [90, 120, 1_800]), refresher: dice.one(of: ["uac", "uas", ""]))
    }
    if dice.chance(30) {
      for _ in 0..<dice.within(1...4) {
        phone.answers.append(dice.one(of: [200, 200, 200, 488, 491, 500, 0]))
      }
    }
    if dice.chance(40) {
      var after = dice.within(0...1_500)
      for _ in 0..<dice.within(1...4) {
        phone.offers.append(offer(after))
        after += dice.within(100...3_000)
      }
    }
    if isCaller, dice.chance(15) {
      phone.direction = dice.one(of: ["sendonly", "recvonly", "inactive"])
    }
    if isCaller, dice.chance(15) {
      phone.streams = dice.one(of: [.g722, .opus, .secure, .secureAndPlain, .withImage])
    }
    if dice.chance(25) { phone.keys.append(dice.within(1_500...6_000)) }
    return phone
  }

  private mutating func offer(_ after: Int) -> PhoneExtras.Offer {
    let directions = ["sendrecv", "sendrecv", "sendonly", "recvonly", "inactive"]
    var offer = PhoneExtras.Offer(after: after, direction: dice.one(of: directions))
    switch dice.below(10) {
    case 0, 1: offer.isEmpty = true
    case 2: offer.isUpdate = true
    case 3, 4: offer.cancelsAfter = dice.one(of: [1, 30, 300])
    default: break
    }
    return offer
  }

  /// What changes behaviour and no invariant.
  mutating func settings() -> [(name: String, value: String)] {
    var drawn: [(name: String, value: String)] = []
    for setting in ExtrasWriter.settings where dice.chance(4) {
      drawn.append((setting.name, dice.one(of: setting.values)))
    }
    return drawn
  }

  private static let settings: [(name: String, values: [String])] = [
    ("max_targets", ["1", "2", "64"]), ("max_dials_per_call", ["1", "2", "3"]),
    ("gather_default_action", ["next-verb"]), ("late_offer", ["refuse"]),
    ("media_timeout", ["3", "60"]), ("header_prefix", ["drop"]),
    ("pass_headers", ["Subject", "X-Some,Subject"]), ("pass_diversion", ["true"]),
    ("trust_domain", ["true"]), ("follow_redirects", ["1", "3"]),
    ("session_expires", ["90", "120", "1800"]), ("transport_log", ["true"]),
    ("callback_events", ["true"]), ("http_log", ["true"]), ("http_log_limit", ["0", "20"]),
    ("callback_timeout", ["1", "60"]),
    ("drain_timeout", ["0", "60"]), ("sip_address_format", ["user"]),
    ("api_version", ["2010-04-01"]), ("account_sid", ["AC7"]), ("twilio_aliases", ["true"]),
    ("leg_results", ["true"]), ("extra_params", ["a=b&c=d"]),
    ("signing_key", ["secret"]), ("signature_mode", ["sha1", "sha256"]),
    ("http_timeout", ["1", "60"]), ("http_connect_timeout", ["1", "20"]),
    ("http_retries", ["0", "3"]), ("http_retry_on", ["ct", "5xx", "all"]),
    ("http_block_private", ["true"]), ("tls_verify", ["false"]),
    ("max_idle_documents", ["2", "20"]), ("max_document_bytes", ["1024"]),
    ("base_url", ["http://web.example/base/"]), ("fallback_url", ["http://web.example/fallback"]),
    ("fallback_method", ["GET"]), ("recording_url", ["http://web.example/r/"]),
    ("from_domain", ["example.com"]), ("public_address", [""]), ("dns_server", [""]),
    ("sound_cache", ["0", "5"]), ("ring_tone", ["us", "uk"]),
    ("screening_reject_ends", ["call"]), ("screening_reject_status", ["completed"]),
    ("ring_timeout_status", ["canceled"]), ("reject_code", ["404"]),
    ("signature_header", ["X-Signed"]), ("default_caller_id", ["+493012345", "sip:pbx@h.example"]),
    ("product", ["pbx/1.0"]), ("incoming_timeout", ["1", "60"]), ("inband_digits", ["true"]),
    ("max_call_duration", ["2", "20"]), ("max_documents_per_call", ["1", "2", "4"]),
    ("max_breadth", ["1", "2", "5"]), ("max_returns", ["0", "3"]), ("ask_verbs", ["true"]),
    ("outbound_proxy", ["sip:10.0.9.1;lr"]), ("rtp_ports", ["30000-30009"]),
    ("journal_refusals", ["false"]), ("call_timeout", ["1", "4", "600"]),
    ("traceparent", ["false"]), ("hep", ["udp:10.0.9.9:9060"]),
  ]
}
