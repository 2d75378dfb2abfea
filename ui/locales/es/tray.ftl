# La bandeja, las notificaciones y lo que dice la propia aplicación. Los textos de la ventana están en desk.ftl.

## Tray

tray-quiet = No hay nada en espera
tray-waiting = { $count ->
    [one] { $count } conector espera su decisión
   *[other] { $count } conectores esperan su decisión
}
tray-alarm = Hay algo que conviene mirar
tray-alarm-waiting = { $count ->
    [one] Un conector con un hallazgo grave espera su decisión
   *[other] { $count } conectores esperan su decisión, uno con un hallazgo grave
}
tray-paused = En pausa: no se retiene nada nuevo
tray-unread = { $count ->
    [one] { $count } lugar no se puede leer
   *[other] { $count } lugares no se pueden leer
}
tray-keyless = El registro no tiene clave
tray-review = Revisar…
tray-open = Abrir Gatehouse
tray-pause = Pausar una hora
tray-resume = Reanudar
tray-mode = Modo
tray-mode-ask = Retener y preguntar
tray-mode-monitor = Solo observar
tray-quit = Salir

## Notifications

notify-asked = { $name } espera su decisión ({ $client })
notify-asked-many = { $count } conectores esperan su decisión
notify-asked-one = No se decide nada hasta que usted lo revise.
notify-approved = Se aprobó { $name } ({ $client })
notify-released = Se liberó { $name } ({ $client })
app-driven-refused = No se decidió nada: un programa maneja esta ventana y esta respuesta necesita a una persona en el escritorio. Salga de Gatehouse, inícielo desde su menú y responda allí.
notify-by-automation = En una ventana que maneja un programa. Si no ha sido usted, deshágalo.
notify-in-terminal = En un terminal. Revíselo si no fue usted.
notify-below = En un terminal, por debajo de { $client }. Revíselo si no fue usted.

## Alarms

alarm-ledger-lost = El registro de sus decisiones se perdió o está dañado. Las aprobaciones anteriores ya no cuentan; lo denegado sigue denegado. Recorra la lista una vez.
alarm-ledger-locked = El llavero está bloqueado, de modo que las entradas nuevas del registro aún no se sellan. Desbloquee el llavero.
alarm-ledger-missing = Falta la clave del registro en el llavero. Las entradas nuevas no se sellan.
alarm-ledger-unwritable = No se puede escribir en el registro, de modo que no se decide ni se retiene nada. Compruebe si queda espacio en el disco.
alarm-policy = El archivo de ajustes no cuenta como se quiso. { $problem }
alarm-setting-opened = En { $file }: { $message }
alarm-doubted = { $name } ({ $client }) está en duda. { $message }
alarm-contested = { $client } ha vuelto a escribir { $name } { $count ->
    [one] { $count } vez.
   *[other] { $count } veces.
} Se retiene cada vez de nuevo. Cierre { $client } o decida sobre ello.
alarm-requested = { $client } pidió «{ $request }». No se ha cambiado nada. Hágalo aquí usted, si lo quiere.
alarm-requested-elsewhere = En un terminal alguien pidió «{ $request }». No se ha cambiado nada. Hágalo aquí usted, si lo quiere.
alarm-guard-ended = El guardián terminó por sí mismo. Lo retenido sigue retenido, pero no se retiene nada nuevo. Salga de Gatehouse e inícielo otra vez.

## Offers that are not made

offer-cannot-pin = No se conoce una versión exacta en la que fijarlo.
offer-already-pinned = La entrada ya indica una versión exacta.
offer-publisher-unknown = No se sabe quién lo publica.
offer-look-ups-off = No se sabe quién lo publica mientras las consultas estén apagadas.
offer-not-under-development = Su código no está en ninguna carpeta en desarrollo.
offer-secret-missing = La entrada aprobada tiene en { $place } un valor secreto que la actual no tiene.

## Answers

stale-at-desk = La entrada cambió después de mostrarse. No se ha cambiado nada. Ahora se muestra su nuevo estado.
cannot-undo = Ya no hay nada que deshacer.

## Start

app-usage = «{ $word }» no significa nada aquí. Uso: gatehouse-app [--lang en|es] [--version]
app-no-display = Aquí no hay sesión gráfica (ni DISPLAY ni WAYLAND_DISPLAY están definidas). Sin escritorio, ejecute: gatehouse watch
app-no-window = No se puede usar el sistema de ventanas. Sin escritorio, ejecute: gatehouse watch
app-not-started = Gatehouse no se inició: { $detail }. No se ha cambiado ningún archivo de configuración.
app-shown = Gatehouse ya está en marcha (proceso { $pid }); se abre su ventana.
app-guard-without-window = Hay un guardián sin ventana en marcha ({ $kind }, proceso { $pid }). Termínelo primero y vuelva a iniciar Gatehouse.
app-not-shown = Gatehouse está en marcha (proceso { $pid }) y no responde: { $detail }.
