; An installer for one person, without administrator's rights (Inno Setup 6). UNTESTED.
;   py packaging\desktop\icons.py packaging\desktop\aiops-desktop.svg packaging\windows\aiops-desktop.ico
;   py -m PyInstaller --distpath build\package\dist packaging\pyinstaller\aiops-desktop.spec
;   build\package\dist\aiops-desktop\aiops-desktop.exe start --self-test
;   iscc /DVersion=0.1.0 packaging\windows\aiops-desktop.iss
; With a certificate: iscc /Ssign="signtool sign /fd sha256 /tr URL /td sha256 $f" /DSign=1 …
; Terminals in tmux and supervised assist runs need POSIX; on Windows use the program in WSL until
; that has been done.
[Setup]
AppId={{6C7B8F6D-2C58-4E0A-9D5B-0B8A0A5C1B8E}
AppName=aiops desktop
AppVersion={#Version}
DefaultDirName={autopf}\aiops-desktop
DefaultGroupName=aiops desktop
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
OutputDir=..\..\build\package
OutputBaseFilename=aiops-desktop-{#Version}-windows-x64
SetupIconFile=aiops-desktop.ico
UninstallDisplayIcon={app}\aiops-desktop.exe
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
#ifdef Sign
SignTool=sign
#endif

[Files]
Source: "..\..\build\package\dist\aiops-desktop\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\aiops desktop"; Filename: "{app}\aiops-desktop.exe"; Parameters: "start"; Flags: runminimized

[Registry]
Root: HKCU; Subkey: "Software\Classes\aiops"; ValueType: string; ValueData: "URL:aiops desktop"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\aiops"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKCU; Subkey: "Software\Classes\aiops\shell\open\command"; ValueType: string; ValueData: """{app}\aiops-desktop.exe"" start ""%1"""

[Run]
Filename: "{app}\aiops-desktop.exe"; Parameters: "start"; Description: "Open aiops desktop"; Flags: nowait postinstall skipifsilent
