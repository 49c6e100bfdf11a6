package dev.switchboard.console;

import dev.switchboard.security.Caller;
import io.quarkus.qute.Engine;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.ProducerTemplate;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the screens under {@code /console}. Each has an address; what changes something is a form. */
@ApplicationScoped
class Console {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final String HOME = "/console";
    private static final int FIRST = -1000;
    /** After it is known who asks, which Quarkus finds out at -100, and before Camel. */
    private static final int KNOWN = -99;

    private static final int LARGEST_FORM = 512 << 10;
    private static final long YEAR_SECONDS = 365L * 24 * 60 * 60;

    private final Renderer renderer;
    private final Instance<ProducerTemplate> routes;
    private final Guard guard;
    private int order = KNOWN;

    Console(
            Engine engine,
            Instance<ProducerTemplate> routes,
            @ConfigProperty(name = "switchboard.console.hosts") Optional<Set<String>> hosts) {
        this.renderer = new Renderer(engine);
        this.routes = routes;
        this.guard = new Guard(hosts.orElse(Set.of()));
    }

    /** Shows something. */
    interface Show {
        Screen show(Api api, Visit visit);
    }

    /** Does something, and returns the address of what is to be seen then. */
    interface Act {
        String act(Api api, Visit visit);
    }

    void serve(@Observes Router router) {
        router.route().order(FIRST).handler(guard::protectApi);
        router.route(HOME + "*").order(FIRST + 1).handler(guard::protect);
        route(router, HttpMethod.POST, "/login").handler(Console::notLoggedIn);
        route(router, HttpMethod.POST, "*").handler(form());
        route(router, HttpMethod.GET, "/assets/:name").handler(new Assets());
        route(router, HttpMethod.POST, "/language").handler(Console::chooseLanguage);
        get(
                router,
                "/login",
                (api, visit) -> Screen.of(
                        "login", Map.of("failed", !visit.given("failed").isEmpty())));
        route(router, HttpMethod.POST, "/logout").handler(Console::logOut);
        get(router, "", OverviewPage::show);
        get(router, "/messages", MessagePages::list);
        get(router, "/messages/:id", MessagePages::show);
        get(router, "/messages/:id/edit", EditPages::show);
        post(router, "/messages/:id/edit", EditPages::send);
        post(router, "/messages/:id/:action", MessagePages::act);
        get(router, "/dead-letters", ReplayPages::groups);
        get(router, "/dead-letters/list", MessagePages::deadLetters);
        get(router, "/replays", ReplayPages::list);
        post(router, "/replays", ReplayPages::begin);
        get(router, "/replays/new", ReplayPages::prepare);
        get(router, "/replays/:id", ReplayPages::show);
        post(router, "/replays/:id/cancel", ReplayPages::cancel);
        get(router, "/batches", BatchPages::list);
        get(router, "/batches/:id", BatchPages::show);
        post(router, "/batches/:id/:action", BatchPages::act);
        get(router, "/lanes/:vendor/:account", LanePages::show);
        post(router, "/lanes/:vendor/:account/:action", LanePages::act);
        get(router, "/audit", AuditPage::show);
        get(router, "/routes", RoutePages::show);
        get(router, "/routes/:id", RoutePages::one);
    }

    /** Ours come before Camel's, whose own answer every other path. */
    private Route route(Router router, HttpMethod method, String path) {
        return router.route(method, HOME + path).order(order++);
    }

    private void get(Router router, String path, Show show) {
        route(router, HttpMethod.GET, path)
                .blockingHandler(
                        http -> answer(http, api -> renderer.render(http, show.show(api, new Visit(http)))), false);
    }

    private void post(Router router, String path, Act act) {
        route(router, HttpMethod.POST, path)
                .blockingHandler(http -> answer(http, api -> redirect(http, act.act(api, new Visit(http)))), false);
    }

    private static BodyHandler form() {
        return BodyHandler.create(false).setBodyLimit(LARGEST_FORM);
    }

    private void answer(RoutingContext http, Consumer<Api> answer) {
        try {
            answer.accept(
                    new Api(routes.get(), Caller.of(http.user(), http.request().remoteAddress())));
        } catch (Api.Refusal e) {
            renderer.render(http, Screen.refused(e));
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", http.request().method(), http.request().path(), e);
            renderer.render(http, Screen.refused(new Api.Refusal(500, "The bus failed; its log says more.")));
        }
    }

    private static void chooseLanguage(RoutingContext http) {
        var visit = new Visit(http);
        http.response()
                .addCookie(Cookie.cookie(Texts.ATTRIBUTE, Texts.language(visit.given("language"), null))
                        .setPath(HOME)
                        .setMaxAge(YEAR_SECONDS)
                        .setHttpOnly(true)
                        .setSameSite(CookieSameSite.STRICT));
        String back = visit.given("back");
        redirect(http, back.matches("/console([/?][\\x21-\\x7e&&[^\\\\]]*)?") ? back : HOME);
    }

    /** A login that Quarkus did not take, as it had no key, or on a bus that asks for none. */
    private static void notLoggedIn(RoutingContext http) {
        redirect(http, Caller.of(http.user(), null) == null ? Login.FAILED : HOME);
    }

    private static void logOut(RoutingContext http) {
        http.response().addCookie(Login.ended());
        redirect(http, Login.PAGE);
    }

    private static void redirect(RoutingContext http, String address) {
        http.response().setStatusCode(303).putHeader("Location", address).end();
    }
}
