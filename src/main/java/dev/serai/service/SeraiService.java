package dev.serai.service;

import dev.serai.batch.folder.FolderResults;
import dev.serai.batch.run.CancelledJobs;
import dev.serai.batch.run.Jobs;
import dev.serai.connect.gate.Gate;
import dev.serai.conversation.FailureLog;
import dev.serai.engine.NoTransactionsException;
import dev.serai.engine.TransactionsForbiddenException;
import dev.serai.loop.OutOfMemory;
import dev.serai.route.RouteFailures;
import dev.serai.route.RouteFolder;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.Settings;
import dev.serai.settings.Suggestions;
import dev.serai.source.kind.Sources;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.model.Model;

/**
 * The service: the routes of the routes folder, and the steps that they name, wired together. From {@link #start} until
 * {@link #close} it takes start events and answers them.
 *
 * <p>The topics must exist. Thread safety: {@code close} may be called from any thread, once.
 */
public final class SeraiService implements AutoCloseable {
    /** The topic of jobs is mostly read in a fraction of that; a killed replica's transaction can hold it back. */
    private static final Duration CANCELLED_JOBS = Duration.ofSeconds(5);

    private final Main main = new Main();
    private final SeraiSettings settings;
    private final HttpPort httpPort;
    private final Parts parts;
    private volatile boolean running;

    /**
     * Wires it, and starts nothing.
     *
     * @throws IllegalArgumentException if settings name what cannot work, such as a file with mistakes
     */
    SeraiService(Settings settings, Backends backends) {
        this.settings = settings.values();
        httpPort = HttpPort.of(this.settings.http().host(), this.settings.http().port());
        parts = new Parts(this.settings, backends);
        CamelSetup.apply(main, parts, settings, httpPort);
    }

    /**
     * Starts the service and returns when its routes run.
     *
     * @throws InvalidRoutesException when a route file is wrong, or there is none; with all that is wrong
     * @throws ServiceStartException when a port is taken, or something else is; with the reason
     * @throws TransactionsForbiddenException when Kafka does not let this client use transactions
     * @throws NoTransactionsException when it does not answer those that want to use some
     */
    public static SeraiService start(Settings settings, Backends backends) {
        RouteFolder routes = new RouteFolder(settings.values().routesDir());
        SeraiService service;
        try {
            service = new SeraiService(settings, backends);
        } catch (IllegalArgumentException e) {
            throw new ServiceStartException(String.valueOf(e.getMessage()), e);
        }
        try {
            service.parts.engine.start();
            service.parts.intakes.start();
            service.load(routes);
            new StartCheck(service.settings, backends).requireSound(service.camelContext(), service.parts.sources);
            service.parts.sources.start();
            service.httpPort.requireFree();
            service.lookForCancelledJobs();
            service.main.start();
            ObserveEndpoints.open(service.camelContext(), service.parts.waiting);
            service.parts.jobs.ifPresent(Jobs::start);
            service.parts.folderResults.ifPresent(FolderResults::start);
            service.running = true;
            return service;
        } catch (ServiceStartException
                | InvalidRoutesException
                | TransactionsForbiddenException
                | NoTransactionsException e) {
            service.closeInOrder();
            throw e;
        } catch (Exception | LinkageError e) {
            String reason = service.text(routes, e);
            service.closeInOrder();
            if (RouteFailures.isMistake(e)) {
                throw new InvalidRoutesException(routes.path(), List.of(reason));
            }
            throw new ServiceStartException("the service did not start: " + reason, e);
        } catch (Error e) {
            OutOfMemory.endProcessIf(e);
            service.close();
            throw e;
        }
    }

    /** Before the first event is taken: a row that was handed over before this start may be one of them. */
    private void lookForCancelledJobs() throws InterruptedException {
        if (parts.jobs.isPresent()) {
            CancelledJobs cancelled = parts.jobs.get().cancelled();
            cancelled.start(parts.batches::cancel);
            cancelled.awaitLook(CANCELLED_JOBS);
        }
    }

    /**
     * Loads the routes, and starts none.
     *
     * @throws InvalidRoutesException if that cannot be done
     */
    void load(RouteFolder routes) {
        if (!Files.isDirectory(routes.path())) {
            throw new InvalidRoutesException(
                    routes.path(), List.of("there is no such folder: set serai.routes-dir to the one with the routes"));
        }
        if (routes.isEmpty()) {
            throw new InvalidRoutesException(
                    routes.path(), List.of("no file there ends in .camel.yaml, so that no route takes start events"));
        }
        try {
            main.init();
            FailureLog.installInRoutes(camelContext());
        } catch (RuntimeException | LinkageError e) {
            throw new InvalidRoutesException(routes.path(), List.of(text(routes, e)));
        }
    }

    /** What is wrong with the routes, when something has failed in them. */
    String text(RouteFolder routes, Throwable failure) {
        return RouteFailures.text(camelContext(), routes, Suggestions::nearest, failure);
    }

    /**
     * {@link #load}, for a service whose routes will not start whatever the settings say, and which opens no port.
     *
     * @throws InvalidRoutesException if that cannot be done
     */
    void loadForCheck(RouteFolder routes) {
        main.configure().httpManagementServer().withEnabled(false);
        main.addOverrideProperty("camel.management.enabled", "false");
        load(routes);
        camelContext().setAutoStartup(false);
    }

    /**
     * Makes the routes that are {@link #loadForCheck loaded for a check}, each with its endpoints and its expressions.
     *
     * @throws Exception what Camel says is wrong
     */
    void buildRoutes() throws Exception {
        main.start();
    }

    /** How many of the routes that are loaded come from files, and not from the service. */
    long routesOfFiles() {
        return camelContext().getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions().stream()
                .filter(route -> route.getResource() != null)
                .count();
    }

    Sources sources() {
        return parts.sources;
    }

    /** What names this process in its group, whether the settings name it or the host does. */
    public String instanceId() {
        return instanceId(settings);
    }

    /**
     * What names a process with these settings.
     *
     * @throws ServiceStartException if neither they nor the host do
     */
    public static String instanceId(SeraiSettings settings) {
        return EngineSetup.instanceId(settings);
    }

    /** Where health and metrics are. */
    public URI observeUri() {
        return URI.create("http://" + httpPort.authority() + ObserveEndpoints.PATH);
    }

    /** How many partitions of the start topic this process owns and runs the events of. */
    public int partitions() {
        return parts.engine.assignments().partitions();
    }

    /**
     * The gate before the provider.
     *
     * @param tenant one that there is
     */
    public Gate gate(String tenant) {
        return Objects.requireNonNull(parts.providers.gates().get(tenant), tenant);
    }

    /** The Camel context, for tests that look inside. */
    public CamelContext camelContext() {
        return main.getCamelContext();
    }

    /** {@link #close} of a start that was interrupted: nothing of it is cut short. */
    private void closeInOrder() {
        boolean interrupted = Thread.interrupted();
        try {
            close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes no more events, waits for those under way (bounded), and stops. */
    @Override
    public void close() {
        if (running) {
            parts.abandoned.stopping();
        }
        parts.jobs.ifPresent(Jobs::stop);
        parts.intakes.stopTaking();
        parts.engine.stopTaking(stopPatience());
        main.stop();
        parts.close();
    }

    private Duration stopPatience() {
        CamelContext context = main.getCamelContext();
        return context == null
                ? Duration.ZERO
                : Duration.ofSeconds(context.getShutdownStrategy().getTimeout());
    }
}
