extension ReasonCode {
  /// The word that programs know it by.
  public var word: ReasonWord {
    switch self {
    case .busy, .declined, .unknownParty, .notAvailable, .refusedRequest, .serverError,
      .uselessRedirect, .redirectNotFollowed, .hungUpEarly, .messageRefused, .webNotFound,
      .webRefused, .webServerError, .webRedirectUseless:
      .refused
    case .tlsFailed, .notTLS, .tlsVersion, .tlsRefused, .certificateMissing, .certificateTooLarge,
      .certificateBroken, .certificateExpired, .certificateNotYetValid, .certificateName,
      .certificateSelfSigned, .certificateIssuerUnknown, .certificateIssuerUnfit, .certificateUsage,
      .certificateRevoked, .certificateUnchecked, .certificateWeak,
      .connectionRefused, .noRoute, .connectionLost, .networkError, .webConnectionRefused,
      .webUnreachable, .webTLS, .webCertificate, .webBroken, .webGarbled, .webUnavailable,
      .webNoMemory:
      .unreachable
    case .nameUnknown, .nameWithoutAddress, .nameServerSilent, .nameServerFailed, .serviceDenied,
      .webUnresolved:
      .unresolved
    case .silent, .connectTimedOut, .tlsTimedOut, .ringTimeout, .acknowledgementMissing,
      .ringingUnacknowledged,
      .dialogLost, .webConnectTimedOut, .webTimedOut:
      .timeout
    case .noListener, .secureTransport, .unknownTransport: .noTransport
    case .invalidTarget, .unsupportedNoun, .noTarget, .urlUnusable: .invalidTarget
    case .targetDenied, .urlDenied, .webAddressBlocked: .denied
    case .badDescription, .noCommonCodec, .noMediaPort, .framesNeedAnchor, .callerOfferUnusable,
      .mediaSilent, .noDescription, .mediaNotAcceptable, .recordingFailed, .noSpeech, .playFailed,
      .noDigits, .noRecorder, .secrecyImpossible:
      .media
    case .wrongPassword, .noCredentials, .uselessChallenge, .callerUnknown: .authentication
    case .redirectLoop, .loopDetected, .hopLimit, .webRedirectLoop: .loop
    case .breadthLimit, .tooManyDials, .callTooLong, .tooManyConnections, .timeLimit, .engineFull,
      .webTooLarge, .webNoTurn, .callbackQueueFull:
      .limit
    case .answeredElsewhere, .callerGaveUp, .dialEnded, .stopCode, .callEnded: .canceled
    case .screeningRefused, .screeningTimedOut, .screeningHungUp, .screeningFailed: .screening
    case .documentEnded: .end
    case .documentHungUp, .callerHungUp, .calleeHungUp: .hangup
    case .documentRejected, .hostRejected: .rejected
    case .stoppedByHost, .agentStopped: .stopped
    case .documentReplaced, .callTransferred: .replaced
    case .noDocumentGiven, .tooManyDocuments, .documentError, .documentEmpty, .documentIsWebPage,
      .documentIsJSON, .documentDoctype, .documentTooDeep, .documentTooLarge, .documentBrokenXML,
      .documentWrongRoot, .documentWrongType, .documentWrongEncoding, .dialInScreening:
      .noDocument
    }
  }
}
