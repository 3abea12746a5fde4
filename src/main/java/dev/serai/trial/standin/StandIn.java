package dev.serai.trial.standin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/**
 * A running stand-in for Convai: an HTTP server that answers {@code POST /connect} (and, from sample files,
 * {@code GET /scenes/REF} and {@code GET /customers/REF}), plays scripted faults and records its calls. The same can be
 * had over HTTP, under {@link #ADMIN_PATH} on the same port.
 *
 * <p>One event loop serves all calls; a call that waits or hangs costs a timer and its memory, no thread. The threads are
 * daemons, so that a stand-in that nobody closed does not keep the process alive; a process with nothing else to do waits
 * in {@link #awaitClose()}.
 *
 * <p>Thread-safe. What a method sets is in force for the calls that arrive after it has returned.
 */
public final class StandIn implements AutoCloseable {

    /** Where the admin API is. */
    public static final String ADMIN_PATH = "/_standin";

    /** The largest request body; a larger one is answered 413 and not recorded. */
    private static final long MAX_BODY_BYTES = 8L << 20;

    /** As many may wait to be accepted as a burst of a load test opens at once. */
    private static final int ACCEPT_BACKLOG = 4096;

    private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    private final CallLog log = new CallLog(InstantSource.system(), CallLog.MAX_CALLS, CallLog.MAX_CHARACTERS);
    private final FaultBook faults = new FaultBook();
    private final ConversationMemory conversations = new ConversationMemory();
    private final OpenSessions sessions;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final String host;
    private final Vertx vertx;
    private final CallServer calls;
    private final Router router;
    private final HttpServer server;

    private StandIn(StandInOptions options, Vertx vertx) {
        this.host = options.host();
        this.vertx = vertx;
        this.sessions = new OpenSessions(System::nanoTime, options.sessionRules());
        this.calls = new CallServer(vertx, log, faults);
        this.router = router(options);
        this.server = newServer();
    }

    private HttpServer newServer() {
        return vertx.createHttpServer(new HttpServerOptions()
                        .setAcceptBacklog(ACCEPT_BACKLOG)
                        .setHandle100ContinueAutomatically(true)
                        .setHttp2ClearTextEnabled(false))
                .requestHandler(router);
    }

    /**
     * Starts a stand-in and returns when it listens.
     *
     * @throws StandInException if it cannot listen on the host and port, for example because the port is in use
     */
    public static StandIn start(StandInOptions options) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setUseDaemonThread(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            StandIn standIn = new StandIn(options, vertx);
            await(standIn.server.listen(options.port(), options.host()));
            return standIn;
        } catch (ExecutionException e) {
            close(vertx);
            throw new StandInException(
                    "the stand-in cannot listen on " + options.host() + ":" + options.port() + ": " + e.getMessage(),
                    e);
        } catch (RuntimeException e) {
            close(vertx);
            throw e;
        }
    }

    /** The port it listens on, the chosen one if the options left the choice. */
    public int port() {
        return server.actualPort();
    }

    /** What a client in this process or on this machine takes as the provider's base URL; no path, no slash at the end. */
    public URI baseUrl() {
        return baseUrl(server);
    }

    private URI baseUrl(HttpServer listening) {
        String name = ANY_ADDRESS.contains(host) ? "localhost" : host;
        return URI.create("http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + listening.actualPort());
    }

    /**
     * Listens on one more port that is free, and answers there as everywhere: who calls there is told from others by the
     * {@code Host} of the recorded calls. Not to be called from the stand-in's own threads.
     *
     * @return what a client takes as the provider's base URL; no path, no slash at the end
     * @throws StandInException if it cannot listen on the host
     */
    public URI listenAlso() {
        HttpServer another = newServer();
        try {
            await(another.listen(0, host));
        } catch (ExecutionException e) {
            throw new StandInException(
                    "the stand-in cannot listen on one more port of " + host + ": " + e.getMessage(), e);
        }
        return baseUrl(another);
    }

    /** The recorded calls, oldest first: the last 100,000, or fewer if their bodies are large. */
    public List<RecordedCall> calls() {
        return log.calls();
    }

    /** Forgets the recorded calls and the counts. Calls in progress go on unrecorded. */
    public void clearCalls() {
        log.clear();
    }

    /** The most calls of {@code /connect} in progress at any time since the start or since {@link #clearCalls()}. */
    public int maxConcurrentCalls() {
        return log.maxConcurrentConnects();
    }

    /** Adds a script behind those that are not used up. */
    public void script(FaultScript script) {
        faults.add(script);
    }

    /** Drops all scripts; a call that hangs already goes on hanging. */
    public void clearFaults() {
        faults.clear();
    }

    /**
     * How long every call of {@code /connect} takes, drawn evenly from {@code min} to {@code max}, in whole milliseconds;
     * the same twice for a fixed time, {@link Duration#ZERO} twice for none.
     */
    public void latency(Duration min, Duration max) {
        calls.latency(new Latency(min, max));
    }

    /**
     * Lets in at most {@code max} sessions of each API key at a time, each until it ends and for {@code heldFor} at most,
     * and answers 429 above that. Sessions opened before this is called are not counted, also if there was a limit already.
     */
    public void limitSessions(int max, Duration heldFor) {
        sessions.limit(max, heldFor);
    }

    /** As {@link #limitSessions(int, Duration)}, and a session keeps its slot until it ends. */
    public void limitSessions(int max) {
        sessions.limit(max, null);
    }

    /** Lets in every session again. */
    public void unlimitSessions() {
        sessions.unlimit();
    }

    /**
     * Every {@code character_session_id} handed out so far becomes unknown, as when the provider drops old sessions. The
     * sessions that are open stay open.
     */
    public void forgetSessions() {
        conversations.forget();
    }

    /** What holds from now on where the provider's documentation leaves it open. Open sessions keep their end. */
    public void sessionRules(SessionRules rules) {
        sessions.rules(rules);
    }

    /** Sessions and rooms, in numbers. */
    public SessionCounts sessionCounts() {
        return sessions.counts();
    }

    /** The rooms in which a session is open, in no order. */
    public List<OpenRoom> openRooms() {
        return sessions.rooms();
    }

    /** The newest 100,000 {@code shared_session_key}s with which a room was ever made, oldest first. */
    public List<SharedKeyUse> sharedKeys() {
        return sessions.sharedKeys();
    }

    /** Waits until another thread closes this. */
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    /** Stops listening and ends all connections, those of hanging calls too. Closing twice does nothing more. */
    @Override
    public void close() {
        close(vertx);
        closed.countDown();
    }

    private Router router(StandInOptions options) {
        TokenMint tokens = new TokenMint(vertx, options.tokenIssuer(), options.tokenSecret(), options.tokenTtl());
        SampleData data = new SampleData(vertx, calls, options.dataDirectory());
        Router router = Router.router(vertx);
        router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        Accounts accounts = new Accounts(options, sessions);
        new AdminHandler(log, faults, conversations, sessions, calls, options.sessionRules()).addTo(router);
        ConnectAnswers answers = new ConnectAnswers(tokens, InstantSource.system(), options);
        router.post(FaultScript.CONNECT)
                .handler(new ConnectHandler(calls, accounts, conversations, sessions, answers, options));
        router.post(CharacterListHandler.PATH).handler(new CharacterListHandler(calls, accounts, options));
        router.post(DisconnectHandler.PATH).handler(new DisconnectHandler(calls, sessions));
        router.get("/scenes/:ref").handler(context -> data.handle(context, "scenes"));
        router.get("/customers/:ref").handler(context -> data.handle(context, "customers"));
        for (String path : List.of(FaultScript.CONNECT, DisconnectHandler.PATH, CharacterListHandler.PATH)) {
            router.route(path)
                    .handler(context ->
                            calls.refuse(context, CallKind.OTHER, null, Answer.detail(405, "Method Not Allowed")));
        }
        router.route().handler(context -> calls.refuse(context, CallKind.OTHER, null, Answer.detail(404, "Not Found")));
        return router;
    }

    private static void close(Vertx vertx) {
        try {
            await(vertx.close());
        } catch (ExecutionException e) {
            throw new IllegalStateException("the stand-in did not close", e);
        }
    }

    private static void await(Future<?> future) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.toCompletionStage().toCompletableFuture().get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
