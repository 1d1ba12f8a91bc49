import RCMLBasics

/// `<Dial>` (spec §2). URLs are absolute; an absent attribute has its default.
public struct Dial: Hashable, Sendable {
  public enum Recording: String, Hashable, Sendable {
    case none = "do-not-record"
    case fromAnswer = "record-from-answer"
    case fromRinging = "record-from-ringing"
    case fromAnswerDual = "record-from-answer-dual"
    case fromRingingDual = "record-from-ringing-dual"
  }

  public var action: String?
  public var method: HTTPMethod = .post
  public var timeout: Interval = .seconds(30)
  public var timeLimit: Interval = .seconds(14_400)
  public var callerID: CallerID = .ofCaller
  public var record: Recording = .none
  public var hangupOnStar = false
  /// nil = the setting `answer_mode` decides (spec D-8).
  public var answerOnBridge: Bool?
  public var sequential = false
  /// Two letters; nil = the setting `ring_tone`.
  public var ringTone: String?
  public var dialMusic: String?
  public var recordingStatusCallback: String?
  public var recordingStatusCallbackMethod: HTTPMethod = .post
  /// Of `in-progress`, `completed`, `absent`.
  public var recordingStatusCallbackEvents: [String] = ["completed"]
  public var referURL: String?
  public var referMethod: HTTPMethod = .post
  /// `x-winner` (spec E-4): true = the first answer wins; nil = the setting `screening_winner`.
  public var firstAnswerWins: Bool?
  /// `x-stop-on` (spec E-5).
  public var stopOn: [UInt16] = []
  /// `x-warn` (spec E-6).
  public var warning: Interval?
  public var targets: [Target] = []

  public init() {}
}

/// `callerId` (spec U-1), already checked.
public enum CallerID: Hashable, Sendable {
  /// No attribute: the caller's identity (U-2).
  case ofCaller
  /// (a) a user token, percent-encoded where needed.
  case token(String)
  /// (b) `sip:user@host`, and (c) the same with a display name.
  case uri(String, displayName: String)
  /// (d), or an invalid value (U-5: then `default_caller_id`, here already applied).
  case anonymous
}

/// One party to be dialled.
public enum Target: Hashable, Sendable {
  case sip(SipNoun)
  /// For the host's noun resolver (spec D-22): name, text, attributes.
  case noun(OtherNoun)

  /// `x-delay` (spec E-1).
  public var delay: Interval {
    switch self {
    case .sip(let noun): noun.delay
    case .noun(let noun): noun.delay
    }
  }

  /// The host may be asked how it is dialled.
  public var isNoun: Bool {
    switch self {
    case .sip: false
    case .noun: true
    }
  }

  /// As it is dialled where no host says otherwise; nil = only the host knows how.
  public var dialled: SipNoun? {
    switch self {
    case .sip(let noun): noun
    case .noun(let noun): noun.dialled
    }
  }
}

public struct OtherNoun: Hashable, Sendable {
  public var name: String
  public var text: String
  public var attributes: [Attribute]
  /// `x-delay` (spec E-1, D-27).
  public var delay: Interval = .zero
  /// `sendDigits`, `x-digits` (spec D-27).
  public var digits = ""
  /// How the settings `number_uri` and `client_uri` dial it where the host does not answer for it (spec D-30); nil = they
  /// do not.
  public var dialled: SipNoun?
  public var line: Int
  public var column: Int

  public struct Attribute: Hashable, Sendable {
    public var name: String
    public var value: String
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(name: String, text: String, attributes: [Attribute], line: Int, column: Int) {
    self.name = name
    self.text = text
    self.attributes = attributes
    self.line = line
    self.column = column
  }

  /// A number, whichever noun it stands in: `<Number>`, or a `tel:` URI (spec S-1).
  public var isNumber: Bool { name == "Number" || name == "Sip" || name == "Uri" }
}
