extension ReasonCode {
  /// For people. `place`: the peer, the name or the URL it happened at; empty = none is known.
  func sentence(at place: String) -> String {
    let peer = place.isEmpty ? "the called party" : place
    return network(peer) ?? security(peer)
      ?? party(place) ?? giving(up: place) ?? media(place) ?? ending(place)
      ?? web(place.isEmpty ? "" : " (\(place))") ?? "It failed."
  }

  private func network(_ place: String) -> String? {
    switch self {
    case .connectionRefused: "Nothing listens at \(place)."
    case .noRoute: "No way leads to \(place)."
    case .connectionLost: "The connection to \(place) was lost before there was an answer."
    case .networkError: "Nothing can be sent to \(place)."
    case .nameUnknown: "There is no name \(place)."
    case .nameWithoutAddress: "The name \(place) has no address."
    case .nameServerSilent: "No name server answered about \(place) in time."
    case .nameServerFailed: "The name server could not say where \(place) is."
    case .serviceDenied: "The name server says that \(place) takes no SIP calls."
    case .silent: "\(Self.capital(place)) did not answer the INVITE within 32 s."
    case .connectTimedOut: "\(Self.capital(place)) did not accept a connection in time."
    case .noListener:
      "Nothing here can send to \(place): there is no listener of that transport and address family."
    case .secureTransport: "\(Self.capital(place)) wants TLS, and this machine has no libssl."
    case .unknownTransport:
      "\(Self.capital(place)) wants a transport that is not here: udp, tcp and tls are built in."
    case .tooManyConnections: "There are too many connections for one more to \(place)."
    default: nil
    }
  }

  private func party(_ place: String) -> String? {
    switch self {
    case .invalidTarget:
      place.isEmpty ? "This is no target that can be called." : "\(place) cannot be called."
    case .unsupportedNoun: "Nobody here knows how to call \(place.isEmpty ? "this" : place)."
    case .noTarget: "The Dial calls nobody."
    case .targetDenied:
      "\(place.isEmpty ? "The target" : place) was not called: the host does not allow it."
    case .hopLimit: "Nobody is called: the caller's Max-Forwards is used up."
    case .breadthLimit: "The target was not called: the caller's Max-Breadth is used up."
    case .tooManyDials:
      "The Dial was not run: the call has run as many as it may (max_dials_per_call)."
    case .busy: "The called party is busy."
    case .declined: "The called party declined."
    case .unknownParty: "Nobody of that name is there."
    case .notAvailable: "The called party cannot be had now."
    case .refusedRequest: "The called party refused the call."
    case .serverError: "The called party's server failed."
    case .uselessRedirect, .redirectNotFollowed, .redirectLoop:
      "The called party pointed to where it cannot be called."
    case .loopDetected: "The call goes in a circle."
    case .hungUpEarly: "The called party hung up before it was connected."
    case .wrongPassword: "The user name and password are not taken\(Self.by(place))."
    case .noCredentials: "A user name and password are wanted\(Self.by(place)), and there are none."
    case .uselessChallenge: "Credentials are wanted in a way that nobody here knows."
    case .callerUnknown: "The caller's user name or password is wrong."
    case .engineFull: "There is no room for it."
    case .messageRefused: "A message was refused."
    default: nil
    }
  }

  private static func by(_ place: String) -> String { place.isEmpty ? "" : " by \(place)" }

  private func giving(up place: String) -> String? {
    switch self {
    case .ringTimeout: "The called party did not answer in time."
    case .answeredElsewhere: "Another party answered first."
    case .callerGaveUp: "The caller gave up."
    case .dialEnded: "The host ended the Dial."
    case .stopCode: "Another party's answer ended the Dial (x-stop-on)."
    case .callEnded: "The call ended."
    case .screeningRefused: "The screening document hung up."
    case .screeningTimedOut: "The screening was not over in time."
    case .screeningHungUp: "The called party hung up while it was screened."
    case .screeningFailed: "The screening document failed."
    case .acknowledgementMissing: "The caller never acknowledged our answer (no ACK within 32 s)."
    case .ringingUnacknowledged: "The caller never acknowledged that it rings (no PRACK)."
    case .dialogLost: "The other side no longer knows the call, or does not answer in it."
    case .timeLimit: "The talk was as long as it may be (timeLimit)."
    case .callTooLong: "The call was as long as a call may be (max_call_duration)."
    default: nil
    }
  }

  private func media(_ place: String) -> String? {
    switch self {
    case .badDescription: "The called party's session description cannot be read."
    case .noDescription: "The called party answered without a session description."
    case .noCommonCodec: "The called party took none of the audio formats that were offered."
    case .mediaNotAcceptable: "The called party cannot do what was offered."
    case .noMediaPort:
      "There is no RTP port free (rtp_ports), or no file may be opened any more."
    case .framesNeedAnchor:
      "A party that speaks in frames needs media that comes by here (media is direct)."
    case .callerOfferUnusable: "Nothing that the caller offers can be used."
    case .mediaSilent: "Nothing was heard of one of the parties for too long."
    case .recordingFailed: "The recording could not be written: is there room, and may we write?"
    case .secrecyImpossible:
      "The sound has to be secret, and cannot be: keys would be read on their way, or the parties have none in common."
    case .noSpeech: "Nobody here can speak."
    case .playFailed: "A sound could not be played."
    case .noDigits: "Nobody here can collect keys."
    case .noRecorder: "There is no recorder."
    default: nil
    }
  }

  private func ending(_ place: String) -> String? {
    switch self {
    case .documentEnded: "The document came to its end."
    case .documentHungUp: "The document hung up."
    case .callerHungUp: "The caller hung up."
    case .calleeHungUp: "The called party hung up."
    case .documentRejected: "The document rejected the call."
    case .hostRejected: "The host rejected the call."
    case .noDocumentGiven: "Nobody said in time what to do with the call (incoming_timeout)."
    case .stoppedByHost: "The host ended the call."
    case .agentStopped: "The agent was stopped."
    case .documentReplaced: "The host gave the call another document."
    case .callTransferred: "The called party handed the caller on."
    case .tooManyDocuments: "Documents lead to documents without end."
    case .dialInScreening: "A screening document may not Dial."
    case .documentError: "The document cannot be read."
    case .documentEmpty: "The document is empty."
    case .documentIsWebPage: "The document is a web page, not RCML."
    case .documentIsJSON: "The document is JSON, not RCML."
    case .documentDoctype: "The document has a DOCTYPE."
    case .documentTooDeep: "The document's elements are nested too deep."
    case .documentTooLarge: "The document is too long."
    case .documentBrokenXML: "The document is broken XML."
    case .documentWrongRoot: "The document's outermost element is not <Response>."
    case .documentWrongType: "The document is of a type that is not read."
    case .documentWrongEncoding: "The document's encoding is not known, or not what it says."
    default: nil
    }
  }

  /// What the web comes to is said by whoever asks it.
  private func web(_ place: String) -> String? {
    switch self {
    case .urlUnusable: "The URL cannot be used\(place)."
    case .urlDenied: "The host does not allow to ask this URL\(place)."
    case .callbackQueueFull: "Too many callbacks waited."
    default: nil
    }
  }

  /// A name or an address at the beginning of a sentence stays as it is; words do not.
  static func capital(_ place: String) -> String {
    place == "the called party" ? "The called party" : place
  }
}
