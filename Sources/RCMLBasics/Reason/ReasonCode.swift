/// What it was, as finely as it is told: the number of the catalogue. Numbers never change their meaning; 112xx and 121xx are those
/// of documents, 132xx those of a Dial, 33xxx those of legs and calls. Some are findings' as well: one cause, one number.
public enum ReasonCode: UInt16, Hashable, Sendable, CaseIterable {
  // Somebody said no.
  case busy = 33_100
  case declined = 33_101
  case unknownParty = 33_102
  case notAvailable = 33_103
  case refusedRequest = 33_104
  case serverError = 33_105
  case uselessRedirect = 33_106
  case redirectNotFollowed = 33_107
  case hungUpEarly = 33_108

  // Nobody can be reached.
  case connectionRefused = 33_200
  case noRoute = 33_201
  case connectionLost = 33_202
  case networkError = 33_203
  case nameUnknown = 33_210
  case nameWithoutAddress = 33_211
  case nameServerSilent = 33_212
  case nameServerFailed = 33_213
  case serviceDenied = 33_214

  // Nobody says anything.
  case silent = 33_220
  case connectTimedOut = 33_221
  case ringTimeout = 33_222
  case acknowledgementMissing = 33_223
  case ringingUnacknowledged = 33_224
  case dialogLost = 33_225

  // It cannot be sent, or may not be.
  case noListener = 33_230
  case secureTransport = 33_231
  case unknownTransport = 33_232
  case invalidTarget = 13_224
  case unsupportedNoun = 13_221
  case noTarget = 13_227
  case targetDenied = 13_228

  // It is there, and nobody knows who it is.
  case tlsFailed = 33_240
  case notTLS = 33_241
  case tlsTimedOut = 33_242
  case tlsVersion = 33_243
  case tlsRefused = 33_244
  case certificateMissing = 33_245
  case certificateTooLarge = 33_248
  case certificateBroken = 33_249
  case certificateExpired = 33_250
  case certificateNotYetValid = 33_251
  case certificateName = 33_252
  case certificateSelfSigned = 33_253
  case certificateIssuerUnknown = 33_254
  case certificateIssuerUnfit = 33_255
  case certificateUsage = 33_256
  case certificateRevoked = 33_257
  case certificateUnchecked = 33_258
  case certificateWeak = 33_259

  // Media.
  case badDescription = 33_260
  case noCommonCodec = 33_261
  case noMediaPort = 33_262
  case framesNeedAnchor = 33_263
  case callerOfferUnusable = 33_264
  case mediaSilent = 33_265
  case noDescription = 33_266
  case mediaNotAcceptable = 33_267
  case recordingFailed = 33_268
  case secrecyImpossible = 33_269
  case noSpeech = 13_510
  case playFailed = 13_520
  case noDigits = 13_530
  case noRecorder = 13_610

  // Who is it?
  case wrongPassword = 33_270
  case noCredentials = 33_271
  case uselessChallenge = 33_272
  case callerUnknown = 33_273

  // Circles and limits.
  case redirectLoop = 33_280
  case loopDetected = 33_281
  case hopLimit = 13_256
  case breadthLimit = 13_257
  case tooManyDials = 13_202
  case callTooLong = 11_216
  case tooManyConnections = 33_290
  case timeLimit = 33_291
  case engineFull = 33_292
  case messageRefused = 33_293

  // Given up.
  case answeredElsewhere = 33_300
  case callerGaveUp = 33_301
  case dialEnded = 33_302
  case stopCode = 33_303
  case callEnded = 33_304

  // Screening.
  case screeningRefused = 33_310
  case screeningTimedOut = 33_311
  case screeningHungUp = 33_312
  case screeningFailed = 33_313

  // The end of a document.
  case documentEnded = 33_400
  case documentHungUp = 33_401
  case callerHungUp = 33_402
  case calleeHungUp = 33_403
  case documentRejected = 33_404
  case hostRejected = 33_405
  case noDocumentGiven = 33_406
  case stoppedByHost = 33_407
  case agentStopped = 33_408
  case documentReplaced = 33_409
  case callTransferred = 33_410

  // The web.
  case urlUnusable = 11_210
  case urlDenied = 11_211
  case tooManyDocuments = 11_215
  case webUnresolved = 11_220
  case webConnectionRefused = 11_221
  case webUnreachable = 11_222
  case webConnectTimedOut = 11_223
  case webTLS = 11_224
  case webCertificate = 11_225
  case webTimedOut = 11_226
  case webBroken = 11_227
  case webGarbled = 11_228
  case webTooLarge = 11_229
  case webRedirectLoop = 11_230
  case webAddressBlocked = 11_231
  case webNotFound = 11_232
  case webRefused = 11_233
  case webServerError = 11_234
  case webRedirectUseless = 11_235
  case webUnavailable = 11_236
  case webNoMemory = 11_237
  case webNoTurn = 11_238
  case callbackQueueFull = 11_239

  // What came is no document.
  case documentError = 12_100
  case documentEmpty = 12_130
  case documentIsWebPage = 12_131
  case documentIsJSON = 12_132
  case documentDoctype = 12_133
  case documentTooDeep = 12_134
  case documentTooLarge = 12_135
  case documentBrokenXML = 12_136
  case documentWrongRoot = 12_137
  case documentWrongType = 12_138
  case documentWrongEncoding = 12_139
  case dialInScreening = 13_201
}
