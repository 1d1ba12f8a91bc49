import RCMLBasics

/// `<Dial>` (spec §2). URLs are absolute; an absent attribute has its default.
package struct Dial: Hashable, Sendable {
  package enum Recording: String, Hashable, Sendable {
    case none = "do-not-record"
    case fromAnswer = "record-from-answer"
    case fromRinging = "record-from-ringing"
    case fromAnswerDual = "record-from-answer-dual"
    case fromRingingDual = "record-from-ringing-dual"
  }

  package var action: String?
  package var method: HTTPMethod = .post
  package var timeout: Interval = .seconds(30)
  package var timeLimit: Interval = .seconds(14_400)
  package var callerID: CallerID = .ofCaller
  package var record: Recording = .none
  package var hangupOnStar = false
  /// nil = the setting `answer_mode` decides (spec D-8).
  package var answerOnBridge: Bool?
  package var sequential = false
  /// Two letters; nil = the setting `ring_tone`.
  package var ringTone: String?
  package var dialMusic: String?
  package var recordingStatusCallback: String?
  package var recordingStatusCallbackMethod: HTTPMethod = .post
  /// Of `in-progress`, `completed`, `absent`.
  package var recordingStatusCallbackEvents: [String] = ["completed"]
  package var referURL: String?
  package var referMethod: HTTPMethod = .post
  /// `x-winner` (spec E-4): true = the first answer wins; nil = the setting `screening_winner`.
  package var firstAnswerWins: Bool?
  /// `x-stop-on` (spec E-5).
  package var stopOn: [UInt16] = []
  /// `x-warn` (spec E-6).
  package var warning: Interval?
  package var targets: [Target] = []

  package init() {}
}

/// `callerId` (spec U-1), already checked.
package enum CallerID: Hashable, Sendable {
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
package enum Target: Hashable, Sendable {
  case sip(SipNoun)
  /// For the host's noun resolver (spec D-22): name, text, attributes.
  case noun(OtherNoun)

  /// `x-delay` (spec E-1).
  package var delay: Interval {
    switch self {
    case .sip(let noun): noun.delay
    case .noun(let noun): noun.delay
    }
  }

  /// The host may be asked how it is dialled.
  package var isNoun: Bool {
    switch self {
    case .sip: false
    case .noun: true
    }
  }

  /// As it is dialled where no host says otherwise; nil = only the host knows how.
  package var dialled: SipNoun? {
    switch self {
    case .sip(let noun): noun
    case .noun(let noun): noun.dialled
    }
  }
}

package struct OtherNoun: Hashable, Sendable {
  package var name: String
  package var text: String
  package var attributes: [Attribute]
  /// `x-delay` (spec E-1, D-27).
  package var delay: Interval = .zero
  /// `sendDigits`, `x-digits` (spec D-27).
  package var digits = ""
  /// How the settings `number_uri` and `client_uri` dial it where the host does not answer for it (spec D-30); nil = they
  /// do not.
  package var dialled: SipNoun?
  package var line: Int
  package var column: Int

  package struct Attribute: Hashable, Sendable {
    package var name: String
    package var value: String
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package init(name: String, text: String, attributes: [Attribute], line: Int, column: Int) {
    self.name = name
    self.text = text
    self.attributes = attributes
    self.line = line
    self.column = column
  }

  /// A number, whichever noun it stands in: `<Number>`, or a `tel:` URI (spec S-1).
  package var isNumber: Bool { name == "Number" || name == "Sip" || name == "Uri" }
}
