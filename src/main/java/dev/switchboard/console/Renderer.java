package dev.switchboard.console;

import io.quarkus.qute.Engine;
import io.quarkus.qute.TemplateInstance;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes pages of screens, in the viewer's language and time zone. */
final class Renderer {

    private final Engine engine;

    Renderer(Engine engine) {
        this.engine = engine;
    }

    void render(RoutingContext http, Screen screen, Viewer viewer) {
        if (screen.template().isEmpty()) {
            Console.redirect(http, screen.address());
            return;
        }
        http.response()
                .setStatusCode(screen.status())
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .end(page(http.request(), screen, viewer).render());
    }

    private TemplateInstance page(HttpServerRequest request, Screen screen, Viewer viewer) {
        TemplateInstance page =
                engine.getTemplate("console/" + screen.template()).instance();
        page.data("typed", Map.of())
                .data("faults", Map.of())
                .data("refusal", "")
                .data("otherFaults", List.of());
        screen.data().forEach(page::data);
        return page.data("path", request.path())
                .data("here", withoutDone(request.uri()))
                .data("done", done(request.getParam("done")))
                .data("sent", request.method().equals(HttpMethod.POST) ? last(request.path()) : "")
                .data("up", up(request.path()))
                .data("viewer", viewer)
                .data("may", viewer.may())
                .data(Texts.ATTRIBUTE, viewer.language())
                .data("zoneId", viewer.zone().getId())
                .data("zoneName", Times.name(viewer.zone()))
                .data("classes", MessagePages.CLASSES)
                .data("languages", Texts.LANGUAGES)
                .setAttribute(Texts.ATTRIBUTE, viewer.language())
                .setAttribute(Times.ATTRIBUTE, viewer.zone());
    }

    static String up(String path) {
        String above = path.substring(0, path.lastIndexOf('/'));
        return above.isEmpty() ? path : above;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Shows once what has been done, and not again with each refresh. */
    private static String withoutDone(String address) {
        return address.replaceFirst("[?&]done=\\w*$", "");
    }

    /** Shows only the console's own texts: anyone could send someone an address with another text in it. */
    private static String done(@Nullable String done) {
        return done != null && Texts.has("done_" + done) ? done : "";
    }
}
