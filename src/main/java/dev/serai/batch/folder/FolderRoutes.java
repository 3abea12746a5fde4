package dev.serai.batch.folder;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.builder.RouteBuilder;

/** A route of the template in {@code routes/intake/}, if there is an inbox. */
public final class FolderRoutes extends RouteBuilder {
    /** As the template names the step. */
    public static final String STEP = "provisionFile";

    private static final String TEMPLATE = "provision-folder";

    private final Optional<Path> inbox;

    public FolderRoutes(Optional<Path> inbox) {
        this.inbox = inbox;
    }

    @Override
    public void configure() {
        inbox.ifPresent(path -> templatedRoute(TEMPLATE)
                .routeId(TEMPLATE + "-of-files")
                .prefixId("folder")
                .parameter("inbox", path.toString()));
    }
}
